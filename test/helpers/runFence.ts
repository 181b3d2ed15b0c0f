import { isDeepStrictEqual } from 'node:util';
import { transformSync } from 'esbuild';
import { expect } from 'vitest';

/** The ```ts fences of a Markdown text or of docstrings, with the line where each begins. */
export function fencesOf(text: string): { code: string; line: number }[] {
  const fences: { code: string; line: number }[] = [];
  const lines = text
    .split('\n')
    .map((line) => line.replace(/^\s*\* ?/, (prefix) => (prefix.includes('*') ? '' : prefix)));
  for (let i = 0; i < lines.length; i++) {
    if (!/^\s*```ts\s*$/.test(lines[i]!)) continue;
    const start = i + 1;
    while (i + 1 < lines.length && !/^\s*```\s*$/.test(lines[i + 1]!)) i++;
    fences.push({ code: lines.slice(start, i + 1).join('\n'), line: start });
  }
  return fences;
}

/** The value that a trailing comment states, where it is a literal; `undefined` for prose. */
function literal(comment: string): { value: unknown } | undefined {
  const text = comment.trim().replace(/^\w*Array(\(\d+\))? (?=\[)/, '');
  const json = text
    .replace(/'([^']*)'/g, '"$1"')
    .replace(/([{,]\s*)([A-Za-z_]\w*)\s*:/g, '$1"$2":')
    .replace(/\bNaN\b/g, '"__NaN"');
  try {
    return { value: JSON.parse(json, (_, value) => (value === '__NaN' ? Number.NaN : value)) as unknown };
  } catch {
    return undefined;
  }
}

/** Numbers agree to the digits that the comment shows; arrays and plain objects part by part. */
function agrees(got: unknown, wanted: unknown): boolean {
  if (typeof wanted === 'number' && typeof got === 'number') {
    if (Number.isNaN(wanted)) return Number.isNaN(got);
    const decimals = /\.(\d+)/.exec(String(wanted))?.[1]?.length ?? 0;
    return Math.abs(got - wanted) <= 0.5000001 * 10 ** -decimals && (decimals > 0 || got === wanted);
  }
  if (Array.isArray(wanted)) {
    const list = ArrayBuffer.isView(got) ? Array.from(got as Uint8Array) : got;
    return Array.isArray(list) && list.length === wanted.length && wanted.every((item, i) => agrees(list[i], item));
  }
  if (wanted !== null && typeof wanted === 'object' && got !== null && typeof got === 'object') {
    const keys = Object.keys(wanted);
    return (
      keys.length === Object.keys(got).length &&
      keys.every((key) => agrees((got as Record<string, unknown>)[key], (wanted as Record<string, unknown>)[key]))
    );
  }
  return isDeepStrictEqual(got, wanted);
}

/** Rewrites `expression; // value` into a check, and imports of segkit into look-ups of `load`. */
function instrument(code: string): { code: string; checks: number } {
  let checks = 0;
  const lines = code.split('\n').map((line) => {
    const statement = /^(\s*)(?!\s*(?:const|let|for|if|return|import|export|}|\/\/))(.+?);\s*\/\/\s*(.+)$/.exec(line);
    const stated = statement ? literal(statement[3]!) : undefined;
    if (!statement || !stated) return line;
    checks++;
    return `${statement[1]}__check(${JSON.stringify(statement[2])}, (${statement[2]}), ${JSON.stringify(statement[3])});`;
  });
  const imported = lines
    .join('\n')
    .replace(/^\s*import type [^;]+;$/gm, '')
    .replace(/import\s*\{([^}]*)\}\s*from\s*'([^']+)';/g, (_, names: string, from: string) => {
      const values = names.split(',').filter((name) => name.trim() !== '' && !name.trim().startsWith('type '));
      return `const {${values.join(',').replace(/ as /g, ': ')}} = await __load('${from}');`;
    })
    .replace(/\bimport\(/g, '__load(')
    .replace(/import\s*'([^']+)';/g, (_, from: string) => `await __load('${from}');`);
  return { code: imported, checks };
}

/**
 * Runs one fence: every name of `scope` is visible, `segkit/...` imports come from `load`, and each expression with a
 * literal in a trailing comment must have that value. Returns how many values were checked.
 */
export async function runFence(
  code: string,
  scope: Record<string, unknown>,
  load: (specifier: string) => Promise<unknown>,
): Promise<number> {
  const { code: rewritten, checks } = instrument(code);
  const { code: js } = transformSync(`async function __fence() {\n${rewritten}\n}`, { loader: 'ts', target: 'es2022' });
  const check = (expression: string, got: unknown, comment: string) => {
    const wanted = literal(comment)!.value;
    expect(agrees(got, wanted), `${expression} must be ${comment}, got ${describe(got)}`).toBe(true);
  };
  const names = Object.keys(scope);
  const declared = new Set(
    [...rewritten.matchAll(/\b(?:const|let|function|class)\s+(\w+)/g)].map((match) => match[1]!),
  );
  const visible = names.filter((name) => !declared.has(name));
  const body = new Function('__check', '__load', ...visible, `${js}\nreturn __fence();`) as (
    ...values: unknown[]
  ) => Promise<void>;
  await body(check, load, ...visible.map((name) => scope[name]));
  return checks;
}

function describe(value: unknown): string {
  if (ArrayBuffer.isView(value)) return `[${Array.from(value as Uint8Array).join(', ')}]`;
  return JSON.stringify(value) ?? String(value);
}
