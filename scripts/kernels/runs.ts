// The search for runs of segkit/morphology in AssemblyScript, 64 pixels at a time. Addresses are in the module's own memory;
// what is loaded beyond a row lies within it and does not count. Built by `npm run kernels`.

/** 16 bits: where bytes, or which of them are 0, differ from the ones before them. */
function byteChanges(at: usize, background: bool): u64 {
  let here = v128.load(at);
  let before = v128.load(at - 1);
  if (background) {
    const zero = i8x16.splat(0);
    here = i8x16.eq(here, zero);
    before = i8x16.eq(before, zero);
  }
  return i8x16.bitmask(i8x16.ne(here, before));
}

/** The lanes of four integers that differ, or of which one is 0, from those before them. */
function wordLanes(at: usize, background: bool): v128 {
  let here = v128.load(at);
  let before = v128.load(at - 4);
  if (background) {
    const zero = i32x4.splat(0);
    here = i32x4.eq(here, zero);
    before = i32x4.eq(before, zero);
  }
  return i32x4.ne(here, before);
}

/** 16 bits for as many integers of 32 bits. */
function wordChanges(at: usize, background: bool): u64 {
  const low = i16x8.narrow_i32x4_s(wordLanes(at, background), wordLanes(at + 16, background));
  const high = i16x8.narrow_i32x4_s(wordLanes(at + 32, background), wordLanes(at + 48, background));
  return i8x16.bitmask(i8x16.narrow_i16x8_s(low, high));
}

/** 64 bits: where pixels differ from the ones before them. */
function changesOf<T>(at: usize, background: bool): u64 {
  if (sizeof<T>() === 1) {
    return (
      byteChanges(at, background) |
      (byteChanges(at + 16, background) << 16) |
      (byteChanges(at + 32, background) << 32) |
      (byteChanges(at + 48, background) << 48)
    );
  }
  return (
    wordChanges(at, background) |
    (wordChanges(at + 64, background) << 16) |
    (wordChanges(at + 128, background) << 32) |
    (wordChanges(at + 192, background) << 48)
  );
}

/** Of 64 pixels, those in the row, and the first of the row only where it lies within a run. */
function within(changes: u64, i: i32, width: i32, starts: bool): u64 {
  if (i === 0) changes = (changes & ~(<u64>1)) | <u64>starts;
  return width - i < 64 ? changes & (((<u64>1) << (width - i)) - 1) : changes;
}

/**
 * The runs of equal values other than 0 in each of `rows` rows of `width` pixels, with `background` those of 0: where they
 * begin and end, counted from `first`, and how many there were before each row; gives their number.
 */
function runsOf<T>(
  data: usize,
  rows: i32,
  width: i32,
  background: bool,
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
    // 1 within a run.
    let open: usize = 0;
    for (let i = 0; i < width; i += 64) {
      let changes = changesOf<T>(row + i * sizeof<T>(), background);
      changes = within(changes, i, width, (load<T>(row) === 0) === background);
      while (changes) {
        const place = i + <i32>ctz(changes);
        changes &= changes - 1;
        store<i32>(ends + 4 * count, from + place);
        count += open;
        store<i32>(starts + 4 * count, from + place);
        open = <usize>((load<T>(row + place * sizeof<T>()) === 0) === background);
      }
    }
    from += width;
    store<i32>(ends + 4 * count, from);
    count += open;
    row += width * sizeof<T>();
  }
  return <i32>count;
}

/** The runs of bytes. */
export function byteRuns(
  data: usize,
  rows: i32,
  width: i32,
  background: bool,
  first: i32,
  starts: usize,
  ends: usize,
  rowStarts: usize,
): i32 {
  return background
    ? runsOf<u8>(data, rows, width, true, first, starts, ends, rowStarts)
    : runsOf<u8>(data, rows, width, false, first, starts, ends, rowStarts);
}

/** The runs of integers of 32 bits. */
export function wordRuns(
  data: usize,
  rows: i32,
  width: i32,
  background: bool,
  first: i32,
  starts: usize,
  ends: usize,
  rowStarts: usize,
): i32 {
  return runsOf<i32>(data, rows, width, background, first, starts, ends, rowStarts);
}
