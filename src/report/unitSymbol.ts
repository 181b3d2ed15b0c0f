/**
 * Returns a unit of length, or its square, as it is read: `um` and `um²` are typed, `µm` and `µm²` are written; others stay.
 * Reports write the units of figures and columns so themselves.
 *
 * @example
 * ```ts
 * unitSymbol('um'); // 'µm'
 * ```
 */
export function unitSymbol(unit: string): string {
  return unit === 'um' || unit === 'um²' ? unit.replace('u', 'µ') : unit;
}
