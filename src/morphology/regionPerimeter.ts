import type { RegionTable } from './regionTable.js';

/** Most pixels of a piece of a run: they are bits of a word, with one more on either side. */
const PIECE = 30;

/**
 * The runs of a region cut into pieces, whose pixels are bits of a word, bit 1 the first. The arrays are used again by the
 * next region.
 */
interface Pieces {
  readonly rows: Int32Array;
  readonly columns: Int32Array;
  readonly lengths: Int32Array;
  /** 1 where the run goes on after a piece. */
  readonly goesOn: Int32Array;
  /** The border pixels of each. */
  readonly border: Int32Array;
  /** Pixels above and below, shifted to where the piece lies. */
  readonly above: Int32Array;
  readonly below: Int32Array;
  /** Pairs of pieces of neighbouring rows that share an edge or a corner. */
  readonly upper: Int32Array;
  readonly lower: Int32Array;
}

/**
 * Length of the line through the centres of the border pixels of every region, in pixels, after Benkrid and Crookes
 * (2000), as scikit-image's `perimeter(neighborhood=4)`: a border pixel (one with a 4-neighbour outside) counts 1,
 * sqrt(2) or their mean, by the numbers of border pixels among its 4 edge and 4 corner neighbours. All pixels of a piece of
 * a run are looked at together.
 */
export function borderPerimeters(table: RegionTable): Float64Array {
  const { starts, ends, offsets } = table.runs;
  const result = new Float64Array(table.count);
  let pieces = room(64);
  for (let i = 0; i < table.count; i++) {
    let most = 0;
    for (let run = offsets[i]!; run < offsets[i + 1]!; run++) most += Math.ceil((ends[run]! - starts[run]!) / PIECE);
    if (most > pieces.rows.length) pieces = room(2 * most);
    const count = cut(table, i, pieces);
    const contacts = meet(pieces, count);
    for (let p = 0; p < count; p++) pieces.border[p] = (2 << pieces.lengths[p]!) - 2;
    share(pieces, count, contacts);
    markBorder(pieces, count);
    share(pieces, count, contacts);
    result[i] = borderLength(pieces, count);
  }
  return result;
}

function room(pieces: number): Pieces {
  const array = (length = pieces) => new Int32Array(length);
  return {
    rows: array(),
    columns: array(),
    lengths: array(),
    goesOn: array(),
    border: array(),
    above: array(),
    below: array(),
    // Pieces of two rows overlap less often than there are, and meet twice more wherever both rows have an end.
    upper: array(3 * pieces),
    lower: array(3 * pieces),
  };
}

/** Cuts the runs of a region into pieces; gives their number. */
function cut({ runs, width }: RegionTable, i: number, { rows, columns, lengths, goesOn }: Pieces): number {
  let p = 0;
  for (let run = runs.offsets[i]!; run < runs.offsets[i + 1]!; run++) {
    const row = runs.rows[run]!;
    const end = runs.ends[run]! - row * width;
    let column = runs.starts[run]! - row * width;
    for (; end - column > PIECE; column += PIECE) {
      rows[p] = row;
      columns[p] = column;
      lengths[p] = PIECE;
      goesOn[p++] = 1;
    }
    rows[p] = row;
    columns[p] = column;
    lengths[p] = end - column;
    goesOn[p++] = 0;
  }
  return p;
}

/** Finds which pieces share an edge or a corner with some of the row above; gives the number of pairs. */
function meet({ rows, columns, lengths, upper, lower }: Pieces, count: number): number {
  let contacts = 0;
  let above = 0;
  let rowStart = 0;
  for (let p = 1; p < count; p++) {
    const row = rows[p]!;
    if (row !== rows[rowStart]) {
      above = rows[rowStart] === row - 1 ? rowStart : p;
      rowStart = p;
    }
    const start = columns[p]!;
    const end = start + lengths[p]!;
    while (above < rowStart && columns[above]! + lengths[above]! < start) above++;
    for (let other = above; other < rowStart && columns[other]! <= end; other++) {
      upper[contacts] = other;
      lower[contacts++] = p;
    }
  }
  return contacts;
}

/** Shows every piece the border pixels, or what stands there, of those above and below it. */
function share({ columns, border, above, below, upper, lower }: Pieces, count: number, contacts: number): void {
  above.fill(0, 0, count);
  below.fill(0, 0, count);
  for (let contact = 0; contact < contacts; contact++) {
    const u = upper[contact]!;
    const l = lower[contact]!;
    // To the left or to the right; one of the two is 0.
    const step = columns[u]! - columns[l]!;
    const sign = step >> 31;
    const left = step & ~sign;
    const right = -step & sign;
    above[l]! |= (border[u]! << left) >>> right;
    below[u]! |= (border[l]! << right) >>> left;
  }
}

/** Keeps, of pieces shown to each other whole, the pixels with one of their four neighbours outside. */
function markBorder({ lengths, goesOn, border, above, below }: Pieces, count: number): void {
  let before = 0;
  for (let p = 0; p < count; p++) {
    const own = border[p]!;
    const left = (own << 1) | (before << 1);
    before = goesOn[p]!;
    const right = (own >>> 1) | (before << lengths[p]!);
    border[p] = own & ~(above[p]! & below[p]! & left & right);
  }
}

function borderLength({ lengths, goesOn, border, above, below }: Pieces, count: number): number {
  let straight = 0;
  let slanted = 0;
  let mixed = 0;
  let before = 0;
  for (let p = 0; p < count; p++) {
    const own = border[p]!;
    // With the last pixel of the piece before and the first one of the piece after.
    let here = own;
    if (before === 1) here |= (border[p - 1]! >>> lengths[p - 1]!) & 1;
    before = goesOn[p]!;
    if (before === 1) here |= ((border[p + 1]! >>> 1) & 1) << (lengths[p]! + 1);
    const up = above[p]!;
    const down = below[p]!;
    // Numbers of neighbours of all pixels, as bits of ones, twos and fours: two half adders, and their sum.
    const side = (here << 1) ^ (here >>> 1);
    const sides = (here << 1) & (here >>> 1);
    const end = up ^ down;
    const ends = up & down;
    const edges1 = side ^ end;
    const edges2 = (sides ^ ends) | (side & end);
    const edges4 = sides & ends;
    const high = (up << 1) ^ (up >>> 1);
    const highs = (up << 1) & (up >>> 1);
    const low = (down << 1) ^ (down >>> 1);
    const lows = (down << 1) & (down >>> 1);
    const corners1 = high ^ low;
    const corners2 = (highs ^ lows) | (high & low);
    const corners4 = highs & lows;
    const oneEdge = own & edges1 & ~edges2;
    // 2 or 3 edges and at most 2 corners.
    straight += ones(own & edges2 & ~(corners4 | (corners1 & corners2)));
    // No edge and 2 corners, or 1 and 3.
    slanted += ones((own & ~(edges1 | edges2 | edges4) & corners2 & ~corners1) | (oneEdge & corners1 & corners2));
    // 1 edge and 1 or 2 corners.
    mixed += ones(oneEdge & (corners1 ^ corners2));
  }
  return straight + slanted * Math.SQRT2 + (mixed * (1 + Math.SQRT2)) / 2;
}

/** Number of bits set, by sums of ever wider fields. */
function ones(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
