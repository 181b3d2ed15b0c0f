import type { Image } from 'segkit/core';
import type { WatershedOptions } from 'segkit/morphology';

interface Water {
  readonly value: number;
  readonly age: number;
  readonly at: number;
  readonly source: number;
}

/**
 * A watershed by a plain heap of (value, age), one pixel after the other. With `'peer'` all markers have the age 0 as in
 * scikit-image, so that its heap decides which of equal markers comes first; with `'raster'` they age in raster order.
 */
export function slowWatershed(image: Image, options: WatershedOptions, order: 'peer' | 'raster'): Int32Array {
  const [height, width] = image.shape as [number, number];
  const { markers, mask, connectivity = 4, compactness = 0, watershedLine = false } = options;
  const open = Array.from({ length: height * width }, (_, i) => mask === undefined || mask.data[i]! > 0);
  const ids = Int32Array.from(markers.data, (id, i) => (open[i] ? id : 0));
  const heap: Water[] = [];
  const smaller = (a: Water, b: Water) => a.value < b.value || (a.value === b.value && a.age < b.age);
  const swap = (i: number, j: number) => {
    [heap[i], heap[j]] = [heap[j]!, heap[i]!];
  };
  const push = (water: Water) => {
    heap.push(water);
    for (let child = heap.length - 1; child > 0; ) {
      const parent = (child - 1) >> 1;
      if (!smaller(heap[child]!, heap[parent]!)) break;
      swap(child, parent);
      child = parent;
    }
  };
  const pop = () => {
    const top = heap[0]!;
    const last = heap.pop()!;
    if (heap.length > 0) heap[0] = last;
    for (let i = 0; ; ) {
      let least = i;
      if (2 * i + 1 < heap.length && smaller(heap[2 * i + 1]!, heap[i]!)) least = 2 * i + 1;
      if (2 * i + 2 < heap.length && smaller(heap[2 * i + 2]!, heap[least]!)) least = 2 * i + 2;
      if (least === i) return top;
      swap(i, least);
      i = least;
    }
  };
  const edges = [
    [-1, 0],
    [0, -1],
    [0, 1],
    [1, 0],
  ] as const;
  const corners = [
    [-1, -1],
    [-1, 1],
    [1, -1],
    [1, 1],
  ] as const;
  const around = (at: number) =>
    (connectivity === 4 ? edges : [...edges, ...corners]).flatMap(([y, x]) => {
      const row = Math.floor(at / width) + y;
      const column = (at % width) + x;
      const inside = row >= 0 && row < height && column >= 0 && column < width;
      return inside && open[row * width + column] ? [row * width + column] : [];
    });
  let age = order === 'peer' ? 1 : 0;
  ids.forEach((id, at) => {
    if (id > 0) push({ value: image.data[at]!, age: order === 'peer' ? 0 : age++, at, source: at });
  });
  while (heap.length > 0) {
    const { at, source } = pop();
    if (watershedLine || compactness > 0) {
      if (ids[at]! > 0 && at !== source) continue;
      if (watershedLine) {
        if (!open[at]) continue;
        const found = new Set(around(at).map((other) => ids[other]!));
        found.delete(0);
        if (found.size > 1) {
          open[at] = false;
          continue;
        }
      }
      ids[at] = ids[source]!;
    }
    for (const other of around(at)) {
      if (ids[other]! > 0) continue;
      let value = image.data[other]!;
      if (compactness > 0) {
        const rows = Math.floor(other / width) - Math.floor(source / width);
        const columns = (other % width) - (source % width);
        value += compactness * Math.sqrt(rows * rows + columns * columns);
      } else if (!watershedLine) {
        ids[other] = ids[at]!;
      }
      push({ value, age: ++age, at: other, source });
    }
  }
  return ids;
}
