import type { backend_util } from '@tensorflow/tfjs-core';
import type { Code, Local, Scope } from './assembler.js';
import { advance, forRange, i32, when } from './instructions.js';

/** Sizes of a convolution, in the order in which {@link declareGeometry} makes them parameters. */
export interface Geometry<T> {
  /** Address of the image `[batch, height, width, channels]`. */
  readonly x: T;
  /** Address of the convolved `[batch, outHeight, outWidth, outChannels]`. */
  readonly y: T;
  readonly batch: T;
  readonly height: T;
  readonly width: T;
  readonly channels: T;
  readonly outHeight: T;
  readonly outWidth: T;
  readonly outChannels: T;
  readonly filterHeight: T;
  readonly filterWidth: T;
  readonly strideHeight: T;
  readonly strideWidth: T;
  readonly top: T;
  readonly left: T;
  readonly dilationHeight: T;
  readonly dilationWidth: T;
}

/** The pixels of a row that one tap of a filter touches. Addresses and steps are in bytes. */
export interface TapRow {
  /** Address of the first pixel touched in `x`. */
  readonly x: Local;
  /** Address of the first pixel touched in `y`. */
  readonly y: Local;
  /** Index of the tap, `row * filterWidth + column`. */
  readonly tap: Local;
  /** Number of pixels, at least one. */
  readonly count: Local;
  /** From one pixel of `x` to the next that the tap touches. */
  readonly xStep: Local;
  /** From one pixel of `y` to the next. */
  readonly yStep: Local;
}

/** Declares the sizes of a convolution as the next parameters. */
export function declareGeometry(scope: Scope): Geometry<Local> {
  return {
    x: scope.parameter(),
    y: scope.parameter(),
    batch: scope.parameter(),
    height: scope.parameter(),
    width: scope.parameter(),
    channels: scope.parameter(),
    outHeight: scope.parameter(),
    outWidth: scope.parameter(),
    outChannels: scope.parameter(),
    filterHeight: scope.parameter(),
    filterWidth: scope.parameter(),
    strideHeight: scope.parameter(),
    strideWidth: scope.parameter(),
    top: scope.parameter(),
    left: scope.parameter(),
    dilationHeight: scope.parameter(),
    dilationWidth: scope.parameter(),
  };
}

/** The numbers of a geometry in the order of {@link declareGeometry}. */
export function geometryArguments(sizes: Geometry<number>): number[] {
  return [
    ...[sizes.x, sizes.y, sizes.batch, sizes.height, sizes.width, sizes.channels],
    ...[sizes.outHeight, sizes.outWidth, sizes.outChannels, sizes.filterHeight, sizes.filterWidth],
    ...[sizes.strideHeight, sizes.strideWidth, sizes.top, sizes.left, sizes.dilationHeight, sizes.dilationWidth],
  ];
}

/** The sizes that TensorFlow.js computes for a convolution or pooling, with the addresses of both sides. */
export function geometryOf(sizes: backend_util.Conv2DInfo, x: number, y: number): Geometry<number> {
  return {
    x,
    y,
    batch: sizes.batchSize,
    height: sizes.inHeight,
    width: sizes.inWidth,
    channels: sizes.inChannels,
    outHeight: sizes.outHeight,
    outWidth: sizes.outWidth,
    outChannels: sizes.outChannels,
    filterHeight: sizes.filterHeight,
    filterWidth: sizes.filterWidth,
    strideHeight: sizes.strideHeight,
    strideWidth: sizes.strideWidth,
    top: sizes.padInfo.top,
    left: sizes.padInfo.left,
    dilationHeight: sizes.dilationHeight,
    dilationWidth: sizes.dilationWidth,
  };
}

/**
 * Runs `body` for every row of the convolved and every tap of the filter that touches the image there: pixel `i` of the
 * row in `y` meets pixel `i` of the row in `x`. Padding is left out by bounds, never read.
 */
export function forEachTapRow(scope: Scope, sizes: Geometry<Local>, body: (row: TapRow) => Code): Code {
  const [image, outRow, filterRow, filterColumn] = [scope.local(), scope.local(), scope.local(), scope.local()];
  const [inRow, offset, first, yRow, xRow] = [
    scope.local(),
    scope.local(),
    scope.local(),
    scope.local(),
    scope.local(),
  ];
  const row: TapRow = {
    x: scope.local(),
    y: scope.local(),
    tap: scope.local(),
    count: scope.local(),
    xStep: scope.local(),
    yStep: scope.local(),
  };
  const { strideWidth } = sizes;
  const xPixel = i32.shiftLeft(sizes.channels.get, 2);
  const rowOf = (index: Code, rows: Local, line: Local, columns: Local): Code =>
    i32.mul(i32.add(i32.mul(index, rows.get), line.get), columns.get);
  const column: Code = [
    offset.set(i32.sub(i32.mul(filterColumn.get, sizes.dilationWidth.get), sizes.left.get)),
    // The first pixel with column * stride + offset >= 0, and how many follow below the width.
    first.set(i32.constant(0)),
    when(i32.less(offset.get, i32.constant(0)), [
      first.set(i32.divide(i32.sub(i32.add(strideWidth.get, i32.constant(-1)), offset.get), strideWidth.get)),
    ]),
    row.count.set(i32.constant(0)),
    when(i32.less(offset.get, sizes.width.get), [
      row.count.set(
        i32.add(
          i32.divide(i32.sub(i32.add(sizes.width.get, i32.constant(-1)), offset.get), strideWidth.get),
          i32.constant(1),
        ),
      ),
    ]),
    when(i32.greater(row.count.get, sizes.outWidth.get), row.count.set(sizes.outWidth.get)),
    row.count.set(i32.sub(row.count.get, first.get)),
    when(i32.greater(row.count.get, i32.constant(0)), [
      row.x.set(i32.add(xRow.get, i32.mul(i32.add(i32.mul(first.get, strideWidth.get), offset.get), xPixel))),
      row.y.set(i32.add(yRow.get, i32.mul(first.get, row.yStep.get))),
      body(row),
    ]),
    advance(row.tap, i32.constant(1)),
  ];
  return [
    row.yStep.set(i32.shiftLeft(sizes.outChannels.get, 2)),
    row.xStep.set(i32.mul(strideWidth.get, xPixel)),
    forRange(image, sizes.batch.get, [
      forRange(outRow, sizes.outHeight.get, [
        yRow.set(
          i32.add(sizes.y.get, i32.mul(rowOf(image.get, sizes.outHeight, outRow, sizes.outWidth), row.yStep.get)),
        ),
        row.tap.set(i32.constant(0)),
        forRange(filterRow, sizes.filterHeight.get, [
          inRow.set(
            i32.sub(
              i32.add(i32.mul(outRow.get, sizes.strideHeight.get), i32.mul(filterRow.get, sizes.dilationHeight.get)),
              sizes.top.get,
            ),
          ),
          when(i32.lessUnsigned(inRow.get, sizes.height.get), [
            xRow.set(i32.add(sizes.x.get, i32.mul(rowOf(image.get, sizes.height, inRow, sizes.width), xPixel))),
            row.tap.set(i32.mul(filterRow.get, sizes.filterWidth.get)),
            forRange(filterColumn, sizes.filterWidth.get, column),
          ]),
        ]),
      ]),
    ]),
  ];
}
