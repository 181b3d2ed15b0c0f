// Inner loops of segkit/morphology in AssemblyScript, 16 bytes or 4 floats at a time. Addresses are in the module's own
// memory; rows are padded by the caller, so that loads beyond the last pixel stay within it. Built by `npm run kernels`.

/** out = min(a, b), bytes. */
export function minBytes(a: usize, b: usize, out: usize, count: i32): void {
  for (let i: usize = 0; i < <usize>count; i += 16) {
    v128.store(out + i, i8x16.min_u(v128.load(a + i), v128.load(b + i)));
  }
}

/** out = max(a, b), bytes. */
export function maxBytes(a: usize, b: usize, out: usize, count: i32): void {
  for (let i: usize = 0; i < <usize>count; i += 16) {
    v128.store(out + i, i8x16.max_u(v128.load(a + i), v128.load(b + i)));
  }
}

/** out = a < b ? a : b, floats; `count` in bytes. */
export function minFloats(a: usize, b: usize, out: usize, count: i32): void {
  for (let i: usize = 0; i < <usize>count; i += 16) {
    v128.store(out + i, f32x4.pmin(v128.load(b + i), v128.load(a + i)));
  }
}

/** out = a > b ? a : b, floats; `count` in bytes. */
export function maxFloats(a: usize, b: usize, out: usize, count: i32): void {
  for (let i: usize = 0; i < <usize>count; i += 16) {
    v128.store(out + i, f32x4.pmax(v128.load(b + i), v128.load(a + i)));
  }
}

/** The smallest of `count` rows of bytes, whose addresses `rows` holds; `length` bytes, 64 at a time. */
export function minOfRows(rows: usize, count: i32, out: usize, length: i32): void {
  for (let i: usize = 0; i < <usize>length; i += 64) {
    let from = <usize>load<u32>(rows) + i;
    let a = v128.load(from);
    let b = v128.load(from, 16);
    let c = v128.load(from, 32);
    let d = v128.load(from, 48);
    for (let k: usize = 1; k < <usize>count; k++) {
      from = <usize>load<u32>(rows + 4 * k) + i;
      a = i8x16.min_u(a, v128.load(from));
      b = i8x16.min_u(b, v128.load(from, 16));
      c = i8x16.min_u(c, v128.load(from, 32));
      d = i8x16.min_u(d, v128.load(from, 48));
    }
    v128.store(out + i, a);
    v128.store(out + i, b, 16);
    v128.store(out + i, c, 32);
    v128.store(out + i, d, 48);
  }
}

/** The largest of rows of bytes. */
export function maxOfRows(rows: usize, count: i32, out: usize, length: i32): void {
  for (let i: usize = 0; i < <usize>length; i += 64) {
    let from = <usize>load<u32>(rows) + i;
    let a = v128.load(from);
    let b = v128.load(from, 16);
    let c = v128.load(from, 32);
    let d = v128.load(from, 48);
    for (let k: usize = 1; k < <usize>count; k++) {
      from = <usize>load<u32>(rows + 4 * k) + i;
      a = i8x16.max_u(a, v128.load(from));
      b = i8x16.max_u(b, v128.load(from, 16));
      c = i8x16.max_u(c, v128.load(from, 32));
      d = i8x16.max_u(d, v128.load(from, 48));
    }
    v128.store(out + i, a);
    v128.store(out + i, b, 16);
    v128.store(out + i, c, 32);
    v128.store(out + i, d, 48);
  }
}

/** The smallest of rows of floats, of equal ones the first; `length` in bytes. */
export function minOfFloatRows(rows: usize, count: i32, out: usize, length: i32): void {
  for (let i: usize = 0; i < <usize>length; i += 64) {
    let from = <usize>load<u32>(rows) + i;
    let a = v128.load(from);
    let b = v128.load(from, 16);
    let c = v128.load(from, 32);
    let d = v128.load(from, 48);
    for (let k: usize = 1; k < <usize>count; k++) {
      from = <usize>load<u32>(rows + 4 * k) + i;
      a = f32x4.pmin(a, v128.load(from));
      b = f32x4.pmin(b, v128.load(from, 16));
      c = f32x4.pmin(c, v128.load(from, 32));
      d = f32x4.pmin(d, v128.load(from, 48));
    }
    v128.store(out + i, a);
    v128.store(out + i, b, 16);
    v128.store(out + i, c, 32);
    v128.store(out + i, d, 48);
  }
}

/** The largest of rows of floats, of equal ones the first; `length` in bytes. */
export function maxOfFloatRows(rows: usize, count: i32, out: usize, length: i32): void {
  for (let i: usize = 0; i < <usize>length; i += 64) {
    let from = <usize>load<u32>(rows) + i;
    let a = v128.load(from);
    let b = v128.load(from, 16);
    let c = v128.load(from, 32);
    let d = v128.load(from, 48);
    for (let k: usize = 1; k < <usize>count; k++) {
      from = <usize>load<u32>(rows + 4 * k) + i;
      a = f32x4.pmax(a, v128.load(from));
      b = f32x4.pmax(b, v128.load(from, 16));
      c = f32x4.pmax(c, v128.load(from, 32));
      d = f32x4.pmax(d, v128.load(from, 48));
    }
    v128.store(out + i, a);
    v128.store(out + i, b, 16);
    v128.store(out + i, c, 32);
    v128.store(out + i, d, 48);
  }
}

/** Adds to 65,536 counts how often each pair of neighbouring bytes occurs; `count` is a multiple of 8. */
export function countPairs(a: usize, counts: usize, count: i32): void {
  for (let i: usize = 0; i < <usize>count; i += 8) {
    const first = load<u32>(a + i);
    const second = load<u32>(a + i, 4);
    let at = counts + ((first & 65535) << 2);
    store<u32>(at, load<u32>(at) + 1);
    at = counts + ((first >> 16) << 2);
    store<u32>(at, load<u32>(at) + 1);
    at = counts + ((second & 65535) << 2);
    store<u32>(at, load<u32>(at) + 1);
    at = counts + ((second >> 16) << 2);
    store<u32>(at, load<u32>(at) + 1);
  }
}

/** Adds the counts of pairs up to those of single bytes: 256 in `out`, which holds zeros before. */
export function foldPairs(counts: usize, out: usize): void {
  for (let high: usize = 0; high < 256; high++) {
    const row = counts + 1024 * high;
    let sum = i32x4.splat(0);
    for (let low: usize = 0; low < 1024; low += 16) {
      const four = v128.load(row + low);
      sum = i32x4.add(sum, four);
      v128.store(out + low, i32x4.add(v128.load(out + low), four));
    }
    const total =
      i32x4.extract_lane(sum, 0) + i32x4.extract_lane(sum, 1) + i32x4.extract_lane(sum, 2) + i32x4.extract_lane(sum, 3);
    store<i32>(out + 4 * high, load<i32>(out + 4 * high) + total);
  }
}

/** out = 1 where a is above 0, bytes. */
export function setBytes(a: usize, out: usize, count: i32): void {
  const one = i8x16.splat(1);
  for (let i: usize = 0; i < <usize>count; i += 16) v128.store(out + i, i8x16.min_u(v128.load(a + i), one));
}

/** Floats of bytes. */
export function bytesToFloats(a: usize, out: usize, count: i32): void {
  for (let i: usize = 0; i < <usize>count; i += 8) {
    const wide = v128.load64_zero(a + i);
    const shorts = i16x8.extend_low_i8x16_u(wide);
    v128.store(out + 4 * i, f32x4.convert_i32x4_u(i32x4.extend_low_i16x8_u(shorts)));
    v128.store(out + 4 * i + 16, f32x4.convert_i32x4_u(i32x4.extend_high_i16x8_u(shorts)));
  }
}

/**
 * A symmetric kernel across rows: `rows` holds 2 radius + 1 addresses of rows of floats, `weights` radius + 1 floats from
 * the middle outwards.
 */
export function acrossRows(rows: usize, weights: usize, radius: i32, out: usize, count: i32): void {
  const middle = <usize>load<u32>(rows + 4 * <usize>radius);
  const first = f32x4.splat(load<f32>(weights));
  for (let i: usize = 0; i < 4 * <usize>count; i += 32) {
    let low = f32x4.mul(first, v128.load(middle + i));
    let high = f32x4.mul(first, v128.load(middle + i, 16));
    for (let k = 1; k <= radius; k++) {
      const weight = v128.load32_splat(weights + 4 * <usize>k);
      const above = <usize>load<u32>(rows + 4 * <usize>(radius - k)) + i;
      const below = <usize>load<u32>(rows + 4 * <usize>(radius + k)) + i;
      low = f32x4.add(low, f32x4.mul(weight, f32x4.add(v128.load(above), v128.load(below))));
      high = f32x4.add(high, f32x4.mul(weight, f32x4.add(v128.load(above, 16), v128.load(below, 16))));
    }
    v128.store(out + i, low);
    v128.store(out + i, high, 16);
  }
}

/** A symmetric kernel along a row; the row begins `radius` floats before the first pixel. */
export function alongRow(row: usize, weights: usize, radius: i32, out: usize, count: i32): void {
  const middle = row + 4 * <usize>radius;
  const first = f32x4.splat(load<f32>(weights));
  for (let i: usize = 0; i < 4 * <usize>count; i += 32) {
    let low = f32x4.mul(first, v128.load(middle + i));
    let high = f32x4.mul(first, v128.load(middle + i, 16));
    for (let k = 1; k <= radius; k++) {
      const weight = v128.load32_splat(weights + 4 * <usize>k);
      const left = middle + i - 4 * <usize>k;
      const right = middle + i + 4 * <usize>k;
      low = f32x4.add(low, f32x4.mul(weight, f32x4.add(v128.load(left), v128.load(right))));
      high = f32x4.add(high, f32x4.mul(weight, f32x4.add(v128.load(left, 16), v128.load(right, 16))));
    }
    v128.store(out + i, low);
    v128.store(out + i, high, 16);
  }
}

function lo(a: v128, b: v128): v128 {
  return i8x16.min_u(a, b);
}

function hi(a: v128, b: v128): v128 {
  return i8x16.max_u(a, b);
}

function middleOf3(a: v128, b: v128, c: v128): v128 {
  return hi(lo(a, b), lo(hi(a, b), c));
}

/**
 * Medians of 5 x 5 bytes. Five rows, each from two pixels before the first; `columns` has room for five padded rows. Columns
 * are sorted once and serve five windows. Of a window with sorted rows of sorted columns, the median is that of the largest
 * of the antidiagonal above the middle one, the median of the middle one, and the smallest of the one below (checked on all
 * 7,776 sorted 0-1 windows, which is a proof for networks of minima and maxima).
 */
export function medianRow(
  r0: usize,
  r1: usize,
  r2: usize,
  r3: usize,
  r4: usize,
  columns: usize,
  line: i32,
  out: usize,
  count: i32,
): void {
  const step = <usize>line;
  const c0 = columns;
  const c1 = c0 + step;
  const c2 = c1 + step;
  const c3 = c2 + step;
  const c4 = c3 + step;
  for (let i: usize = 0; i < step; i += 16) {
    let a = v128.load(r0 + i);
    let b = v128.load(r1 + i);
    let c = v128.load(r2 + i);
    let d = v128.load(r3 + i);
    let e = v128.load(r4 + i);
    let t = lo(a, b);
    b = hi(a, b);
    a = t;
    t = lo(d, e);
    e = hi(d, e);
    d = t;
    t = lo(c, e);
    e = hi(c, e);
    c = t;
    t = lo(c, d);
    d = hi(c, d);
    c = t;
    t = lo(a, d);
    d = hi(a, d);
    a = t;
    t = lo(a, c);
    c = hi(a, c);
    a = t;
    t = lo(b, e);
    e = hi(b, e);
    b = t;
    t = lo(b, d);
    d = hi(b, d);
    b = t;
    t = lo(b, c);
    c = hi(b, c);
    b = t;
    v128.store(c0 + i, a);
    v128.store(c1 + i, b);
    v128.store(c2 + i, c);
    v128.store(c3 + i, d);
    v128.store(c4 + i, e);
  }
  for (let i: usize = 0; i < <usize>count; i += 16) {
    // The two largest of the minima.
    let a = v128.load(c0 + i);
    let b = v128.load(c0 + i, 1);
    let c = v128.load(c0 + i, 2);
    let d = v128.load(c0 + i, 3);
    let e = v128.load(c0 + i, 4);
    let p = hi(a, b);
    let q = hi(c, d);
    let second = hi(lo(p, q), hi(lo(a, b), lo(c, d)));
    p = hi(p, q);
    const m04 = hi(p, e);
    const m03 = hi(lo(p, e), second);
    // The two smallest of the maxima.
    a = v128.load(c4 + i);
    b = v128.load(c4 + i, 1);
    c = v128.load(c4 + i, 2);
    d = v128.load(c4 + i, 3);
    e = v128.load(c4 + i, 4);
    p = lo(a, b);
    q = lo(c, d);
    second = lo(hi(p, q), lo(hi(a, b), hi(c, d)));
    p = lo(p, q);
    const m40 = lo(p, e);
    const m41 = lo(hi(p, e), second);
    // The three largest of the second row: four sorted, the fifth put in.
    a = v128.load(c1 + i);
    b = v128.load(c1 + i, 1);
    c = v128.load(c1 + i, 2);
    d = v128.load(c1 + i, 3);
    e = v128.load(c1 + i, 4);
    p = lo(a, b);
    b = hi(a, b);
    q = lo(c, d);
    d = hi(c, d);
    let s3 = hi(b, d);
    let s2 = lo(b, d);
    let s1 = hi(p, q);
    p = lo(s1, s2);
    s2 = hi(s1, s2);
    s1 = p;
    const m14 = hi(s3, e);
    e = lo(s3, e);
    const m13 = hi(s2, e);
    e = lo(s2, e);
    const m12 = hi(s1, e);
    // The three smallest of the fourth row.
    a = v128.load(c3 + i);
    b = v128.load(c3 + i, 1);
    c = v128.load(c3 + i, 2);
    d = v128.load(c3 + i, 3);
    e = v128.load(c3 + i, 4);
    p = hi(a, b);
    b = lo(a, b);
    q = hi(c, d);
    d = lo(c, d);
    s3 = lo(b, d);
    s2 = hi(b, d);
    s1 = lo(p, q);
    p = hi(s1, s2);
    s2 = lo(s1, s2);
    s1 = p;
    const m30 = lo(s3, e);
    e = hi(s3, e);
    const m31 = lo(s2, e);
    e = hi(s2, e);
    const m32 = lo(s1, e);
    // The three in the middle of the third row.
    a = v128.load(c2 + i);
    b = v128.load(c2 + i, 1);
    c = v128.load(c2 + i, 2);
    d = v128.load(c2 + i, 3);
    e = v128.load(c2 + i, 4);
    p = lo(a, b);
    b = hi(a, b);
    a = p;
    p = lo(c, d);
    d = hi(c, d);
    c = p;
    p = hi(a, c);
    a = lo(a, c);
    q = lo(b, d);
    d = hi(b, d);
    // a <= p, q <= d; now the fifth.
    b = lo(p, q);
    c = hi(p, q);
    const f = hi(a, lo(e, d));
    const m21 = lo(b, f);
    p = hi(b, f);
    const m22 = lo(p, c);
    const m23 = hi(p, c);
    const below = hi(hi(m03, m12), hi(m21, m30));
    const above = lo(lo(m14, m23), lo(m32, m41));
    const middle = middleOf3(hi(lo(m04, m13), lo(m31, m40)), lo(hi(m04, m13), hi(m31, m40)), m22);
    v128.store(out + i, middleOf3(below, middle, above));
  }
}
