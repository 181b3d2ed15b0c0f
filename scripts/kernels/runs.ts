// The search for runs of segkit/morphology in AssemblyScript, 64 pixels at a time. Addresses are in the module's own memory;
// what is loaded beyond a row lies within it and does not count. Built by `npm run kernels`.

/** 16 bits: where bytes differ from the ones before them. */
function byteChanges(at: usize): u64 {
  return i8x16.bitmask(i8x16.ne(v128.load(at), v128.load(at - 1)));
}

/** The same for zeros and others. */
function zeroChanges(at: usize): u64 {
  const zero = i8x16.splat(0);
  return i8x16.bitmask(i8x16.ne(i8x16.eq(v128.load(at), zero), i8x16.eq(v128.load(at - 1), zero)));
}

/** The same for integers of 32 bits. */
function wordChanges(at: usize): u64 {
  const a = i32x4.ne(v128.load(at), v128.load(at - 4));
  const b = i32x4.ne(v128.load(at, 16), v128.load(at + 12));
  const c = i32x4.ne(v128.load(at, 32), v128.load(at + 28));
  const d = i32x4.ne(v128.load(at, 48), v128.load(at + 44));
  return i8x16.bitmask(i8x16.narrow_i16x8_s(i16x8.narrow_i32x4_s(a, b), i16x8.narrow_i32x4_s(c, d)));
}

/** Of 64 pixels, those in the row, and the first of the row only where it lies within a run. */
function within(changes: u64, i: i32, width: i32, starts: bool): u64 {
  if (i === 0) changes = (changes & ~(<u64>1)) | <u64>starts;
  return width - i < 64 ? changes & (((<u64>1) << (width - i)) - 1) : changes;
}

/**
 * The runs of equal bytes other than 0 in each of `rows` rows of `width` bytes, of zeros where `background` is 1: where they
 * begin and end, counted from `first`, and how many there were before each row; gives their number.
 */
export function byteRuns(
  data: usize,
  rows: i32,
  width: i32,
  background: i32,
  first: i32,
  starts: usize,
  ends: usize,
  rowStarts: usize,
): i32 {
  const wanted = <u32>background;
  let count: usize = 0;
  let row = data;
  let from = first;
  for (let r = 0; r < rows; r++) {
    store<i32>(rowStarts + 4 * <usize>r, <i32>count);
    // 1 within a run.
    let open: usize = 0;
    for (let i = 0; i < width; i += 64) {
      const at = row + i;
      let changes = background
        ? zeroChanges(at) | (zeroChanges(at + 16) << 16) | (zeroChanges(at + 32) << 32) | (zeroChanges(at + 48) << 48)
        : byteChanges(at) | (byteChanges(at + 16) << 16) | (byteChanges(at + 32) << 32) | (byteChanges(at + 48) << 48);
      changes = within(changes, i, width, <u32>(load<u8>(row) === 0) === wanted);
      while (changes) {
        const place = i + <i32>ctz(changes);
        changes &= changes - 1;
        store<i32>(ends + 4 * count, from + place);
        count += open;
        store<i32>(starts + 4 * count, from + place);
        open = <usize>(<u32>(load<u8>(row + place) === 0) === wanted);
      }
    }
    from += width;
    store<i32>(ends + 4 * count, from);
    count += open;
    row += width;
  }
  return <i32>count;
}

/** The same for integers of 32 bits other than 0. */
export function wordRuns(
  data: usize,
  rows: i32,
  width: i32,
  first: i32,
  starts: usize,
  ends: usize,
  rowStarts: usize,
): i32 {
  let count: usize = 0;
  let row = data;
  let from = first;
  for (let r = 0; r < rows; r++) {
    store<i32>(rowStarts + 4 * <usize>r, <i32>count);
    let open: usize = 0;
    for (let i = 0; i < width; i += 64) {
      const at = row + 4 * i;
      let changes =
        wordChanges(at) | (wordChanges(at + 64) << 16) | (wordChanges(at + 128) << 32) | (wordChanges(at + 192) << 48);
      changes = within(changes, i, width, load<i32>(row) !== 0);
      while (changes) {
        const place = i + <i32>ctz(changes);
        changes &= changes - 1;
        store<i32>(ends + 4 * count, from + place);
        count += open;
        store<i32>(starts + 4 * count, from + place);
        open = <usize>(load<i32>(row + 4 * place) !== 0);
      }
    }
    from += width;
    store<i32>(ends + 4 * count, from);
    count += open;
    row += 4 * width;
  }
  return <i32>count;
}
