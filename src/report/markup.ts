/** Escapes text for HTML and XML, element content and quoted attributes alike; drops characters that XML forbids. */
export function escapeMarkup(text: string): string {
  return (
    text
      .replace(/&/g, '&amp;')
      .replace(/</g, '&lt;')
      .replace(/>/g, '&gt;')
      .replace(/"/g, '&quot;')
      .replace(/'/g, '&#39;')
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML 1.0 forbids.
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
  );
}

/**
 * A number for people: `digits` significant ones, thousands apart, without trailing zeros; an en dash where the value
 * is undefined.
 */
export function formatNumber(value: number, digits = 4): string {
  if (Number.isNaN(value)) return '–';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  if (value === 0) return '0';
  const size = Math.abs(value);
  const text = size >= 1e15 || size < 1e-6 ? value.toExponential(digits - 1) : plainDigits(value, digits);
  return text.replace('-', '−');
}

function plainDigits(value: number, digits: number): string {
  const whole = Math.abs(value) >= 10 ** digits || Number.isInteger(value);
  return grouped(whole ? value.toFixed(0) : Number(value.toPrecision(digits)).toString());
}

/** Sets thousands apart by thin spaces, and writes a proper minus. */
function grouped(text: string): string {
  const [integer, fraction] = text.replace('-', '−').split('.');
  const spaced = integer!.replace(/\B(?=(\d{3})+(?!\d))/g, '\u202f');
  return fraction === undefined ? spaced : `${spaced}.${fraction}`;
}

/**
 * Returns a formatter for the numbers of one column: alike many decimals, so that they line up, chosen so that the
 * median has `digits` significant ones; {@link formatNumber} where the values differ too much in size for that.
 */
export function columnFormatter(values: readonly number[], digits: number): (value: number) => string {
  const sizes = values.filter((value) => Number.isFinite(value) && value !== 0).map(Math.abs);
  sizes.sort((a, b) => a - b);
  const single = (value: number) => formatNumber(value, digits);
  if (sizes.length === 0 || values.every((value) => Number.isInteger(value) || !Number.isFinite(value))) return single;
  const middle = sizes[Math.floor(sizes.length / 2)]!;
  const decimals = digits - 1 - Math.floor(Math.log10(middle));
  const fits = sizes[0]! >= 10 ** (1 - decimals) && sizes[sizes.length - 1]! < 1e15 && middle >= 1e-6;
  if (!fits || decimals > 12) return single;
  return (value) => (Number.isFinite(value) ? grouped(value.toFixed(Math.max(0, decimals))) : single(value));
}

/** A share as a percentage with one digit, an en dash where undefined. */
export function formatPercent(share: number): string {
  return Number.isNaN(share) ? '–' : `${(share * 100).toFixed(1)} %`;
}
