import { parseXml, XmlElement, XmlText } from '@rgrove/parse-xml';
import { expect } from 'vitest';

/** Throws unless a text is well-formed XML; returns all its texts. */
export function textsOf(xml: string): string[] {
  const texts: string[] = [];
  const visit = (node: unknown) => {
    if (node instanceof XmlText && node.text.trim() !== '') texts.push(node.text.trim());
    if (node instanceof XmlElement) node.children.forEach(visit);
  };
  visit(parseXml(xml).root);
  return texts;
}

/** Throws where an SVG holds what would not survive in a page of its own, or beside another chart. */
export function expectSelfContained(svg: string): void {
  textsOf(svg);
  expect(svg).toMatch(
    /^<svg role="img" aria-label="[^"]+" width="\d+" height="\d+" xmlns="http:\/\/www\.w3\.org\/2000\/svg"/,
  );
  const rest = svg.replaceAll(/xmlns(:xlink)?="[^"]*"/g, '');
  expect(rest).not.toMatch(/https?:|<script|<style|class=|ecmeta|zr\d|NaN|undefined/);
  const ids = [...svg.matchAll(/id="([^"]+)"/g)].map((match) => match[1]);
  const used = [...svg.matchAll(/url\(#([^)]+)\)/g)].map((match) => match[1]);
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of used) expect(ids).toContain(id);
}
