import { createImage, createMask } from '../core/arrays.js';
import type { Image, Mask, PixelData } from '../core/types.js';
import { components } from './components.js';
import { sameType } from './greyImage.js';
import type { RegionTable } from './regionTable.js';

/** A region cut out along its bounding box: 1 where a pixel belongs to it. */
export function cropOf(table: RegionTable, i: number): { data: Uint8Array; height: number; width: number } {
  const { data, ids, width, minRow, minColumn, maxRow, maxColumn } = table;
  const rows = maxRow[i]! - minRow[i]!;
  const columns = maxColumn[i]! - minColumn[i]!;
  const result = new Uint8Array(rows * columns);
  for (let row = 0, to = 0; row < rows; row++) {
    const from = (minRow[i]! + row) * width + minColumn[i]!;
    for (let column = 0; column < columns; column++, to++) result[to] = data[from + column] === ids[i] ? 1 : 0;
  }
  return { data: result, height: rows, width: columns };
}

/** A crop with its holes filled: background that does not reach the rim of the crop, corners joined. */
export function filledCrop(table: RegionTable, i: number): Mask {
  const { data, height, width } = cropOf(table, i);
  const outside = data.map((value) => 1 - value);
  const { ids, count } = components(outside, height, width, 8);
  const open = new Uint8Array(count + 1);
  for (let row = 0; row < height; row++) {
    const whole = row === 0 || row === height - 1;
    for (let column = 0; column < width; column += whole || width < 2 ? 1 : width - 1)
      open[ids[row * width + column]!] = 1;
  }
  return createMask(
    data.map((value, at) => (value === 1 || open[ids[at]!] === 0 ? 1 : 0)),
    [height, width],
  );
}

/** The intensities of a region along its bounding box, 0 beside it. */
export function intensityCrop(table: RegionTable, values: PixelData, i: number): Image {
  const { data, height, width } = cropOf(table, i);
  const result = sameType(values, data.length);
  for (let row = 0, to = 0; row < height; row++) {
    const from = (table.minRow[i]! + row) * table.width + table.minColumn[i]!;
    for (let column = 0; column < width; column++, to++) if (data[to] === 1) result[to] = values[from + column]!;
  }
  return createImage(result, [height, width]);
}

/** The pixels of a region in raster order. */
export function coordsOf(table: RegionTable, i: number): Array<[row: number, column: number]> {
  const { data, width } = cropOf(table, i);
  const result: Array<[number, number]> = [];
  data.forEach((value, at) => {
    if (value === 1) result.push([table.minRow[i]! + Math.floor(at / width), table.minColumn[i]! + (at % width)]);
  });
  return result;
}
