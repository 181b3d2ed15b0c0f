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
  const [integer, fraction] = (whole ? value.toFixed(0) : Number(value.toPrecision(digits)).toString()).split('.');
  const grouped = integer!.replace(/\B(?=(\d{3})+(?!\d))/g, '\u202f');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** A share as a percentage with one digit, an en dash where undefined. */
export function formatPercent(share: number): string {
  return Number.isNaN(share) ? '–' : `${(share * 100).toFixed(1)} %`;
}

/** The symbol of a unit of length: `um` is typed, `µm` is read. */
export function unitSymbol(unit: string): string {
  return unit === 'um' ? 'µm' : unit;
}
