/** The style sheet of a report: light, readable on paper and on small screens, system fonts only. */
export function reportStyle(): string {
  return `:root { color-scheme: light; --ink: #1f2733; --faint: #5b6675; --rule: #dfe4ea; --tint: #f5f7fa; --accent: #005a9c; }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; scroll-behavior: smooth; }
body { margin: 0; background: #fff; color: var(--ink); font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
header, main, footer { max-width: 1080px; margin: 0 auto; padding: 0 24px; }
header { padding-top: 40px; border-top: 6px solid var(--accent); max-width: none; }
h1 { max-width: 1032px; margin: 0 auto; font-size: 2rem; line-height: 1.2; letter-spacing: -0.01em; }
h2 { font-size: 1.35rem; line-height: 1.3; margin: 0 0 12px; }
h3 { font-size: 1.05rem; margin: 28px 0 8px; }
p { margin: 0 0 12px; max-width: 72ch; }
header .subtitle { color: var(--faint); max-width: 1032px; margin: 4px auto 0; }
a { color: var(--accent); }
section { margin: 40px 0; }
.figures { display: grid; grid-template-columns: repeat(auto-fill, minmax(156px, 1fr)); gap: 12px; margin: 0; }
.figures > div { background: var(--tint); border: 1px solid var(--rule); border-radius: 8px; padding: 12px 16px; }
.figures dt { color: var(--faint); font-size: 0.86rem; }
.figures dd { margin: 2px 0 0; font-size: 1.6rem; font-weight: 650; line-height: 1.25; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
.figures dd .unit { font-size: 1rem; font-weight: 500; }
.figures dd.figure-note { font-size: 0.86rem; font-weight: 400; color: var(--faint); }
.unit { color: var(--faint); font-weight: 400; }
.warnings { border-left: 5px solid #d55e00; background: #fff6ee; border-radius: 4px; padding: 14px 20px; }
.warnings h2 { font-size: 1.05rem; margin: 0 0 4px; }
.warnings ul { margin: 0; padding-left: 20px; }
nav ol { margin: 0; padding: 12px 0; list-style: none; display: flex; flex-wrap: wrap; gap: 4px 22px; border-top: 1px solid var(--rule); border-bottom: 1px solid var(--rule); }
figure { margin: 0; }
figcaption, .note { color: var(--faint); font-size: 0.9rem; }
figcaption { margin-top: 6px; }
.pictures { display: grid; grid-template-columns: repeat(var(--columns), minmax(0, 1fr)); gap: 20px 16px; align-items: start; }
.picture { position: relative; }
.picture img { display: block; width: 100%; height: auto; border-radius: 4px; background: var(--tint); }
.scale { position: absolute; left: 3%; bottom: 3%; border-bottom: 4px solid #fff; filter: drop-shadow(0 0 1px #000) drop-shadow(0 0 2px #000); }
.scale span { position: absolute; left: 0; bottom: 3px; color: #fff; font-size: 0.85rem; font-weight: 650; white-space: nowrap; line-height: 1.2; }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: 4px 20px; margin: 0 0 12px; padding: 0; font-size: 0.92rem; }
.swatch { display: inline-block; width: 0.9em; height: 0.9em; margin-right: 0.45em; border-radius: 2px; border: 1px solid rgba(0, 0, 0, 0.35); vertical-align: -0.08em; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
.chart { overflow-x: auto; }
.chart svg { max-width: 100%; height: auto; }
.scroll { overflow-x: auto; margin: 0 0 8px; }
.scroll:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
table { border-collapse: collapse; font-size: 0.92rem; font-variant-numeric: tabular-nums; }
th, td { padding: 5px 14px; border-bottom: 1px solid var(--rule); text-align: left; vertical-align: top; }
thead th { border-bottom: 2px solid var(--faint); white-space: nowrap; vertical-align: bottom; }
tbody th { font-weight: 500; }
tbody tr:nth-child(even) { background: var(--tint); }
tfoot th, tfoot td { border-top: 2px solid var(--faint); border-bottom: 0; font-weight: 650; }
.number { text-align: right; }
.matrix tbody tr { background: none; }
.matrix td { min-width: 110px; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
.matrix small { display: block; opacity: 0.85; }
.settings th { white-space: nowrap; }
.settings td { overflow-wrap: anywhere; }
footer { color: var(--faint); font-size: 0.86rem; padding-top: 12px; padding-bottom: 40px; border-top: 1px solid var(--rule); }
@media (max-width: 640px) {
  h1 { font-size: 1.55rem; }
  .pictures { grid-template-columns: minmax(0, 1fr); }
}
@media print {
  body { font-size: 10.5pt; }
  header, main, footer { max-width: none; padding-left: 0; padding-right: 0; }
  nav { display: none; }
  section { margin: 20pt 0; }
  h2, h3 { break-after: avoid; }
  figure, .figures > div, tr { break-inside: avoid; }
  .scroll, .chart { overflow: visible; }
}
`;
}
