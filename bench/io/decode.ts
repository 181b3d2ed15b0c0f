/**
 * Decoding of 2048 x 2048 grey images, 8 and 16 bits: segkit beside OpenCV or Pillow, where python3 has them.
 *
 *   npx tsx bench/io/decode.ts [--python /path/to/python3] [--size 2048]
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createImage, Random } from 'segkit/core';
import { decodePng, decodeTiff, encodePng, encodeTiff } from 'segkit/io';

const { values } = parseArgs({
  options: { python: { type: 'string', default: 'python3' }, size: { type: 'string', default: '2048' } },
});
const size = Number(values.size);
const rounds = 7;

const peer = `
import sys, time
try:
    import cv2
    name = "OpenCV " + cv2.__version__
    read = lambda path: cv2.imread(path, cv2.IMREAD_UNCHANGED)
except ImportError:
    try:
        import PIL, numpy
        from PIL import Image
        name = "Pillow " + PIL.__version__
        read = lambda path: numpy.asarray(Image.open(path))
    except ImportError:
        sys.exit("neither OpenCV nor Pillow")
for path in sys.argv[1:]:
    times = []
    for _ in range(${rounds}):
        start = time.perf_counter()
        read(path)
        times.append(time.perf_counter() - start)
    print(name, sorted(times)[len(times) // 2] * 1000, sep="|")
`;

/** A micrograph's kind of data: a slow gradient and noise. */
function micrograph(bits: 8 | 16) {
  const random = new Random(1);
  const data = bits === 8 ? new Uint8Array(size * size) : new Uint16Array(size * size);
  const gain = bits === 8 ? 1 : 200;
  for (let i = 0; i < data.length; i++) data[i] = gain * (60 + ((i % size) / size) * 80 + random.uniform(0, 40));
  return createImage(data, [size, size]);
}

function median(task: () => unknown): number {
  const times = Array.from({ length: rounds }, () => {
    const start = performance.now();
    task();
    return performance.now() - start;
  });
  return times.sort((a, b) => a - b)[rounds >> 1]!;
}

const folder = mkdtempSync(join(tmpdir(), 'segkit-bench-'));
try {
  const cases = ([8, 16] as const).flatMap((bits) => {
    const image = micrograph(bits);
    const tiff = (name: string, options: Parameters<typeof encodeTiff>[1]) => ({
      name: `${bits}-bit TIFF ${name}`,
      file: join(folder, `${bits}-${name.replaceAll(/\W/g, '')}.tif`),
      bytes: encodeTiff(image, options),
      decode: decodeTiff,
    });
    return [
      { name: `${bits}-bit PNG`, file: join(folder, `${bits}.png`), bytes: encodePng(image), decode: decodePng },
      tiff('uncompressed', { compression: 'none' }),
      tiff('Deflate, predictor', { compression: 'deflate', predictor: 'horizontal' }),
      tiff('LZW, predictor', { compression: 'lzw', predictor: 'horizontal' }),
      tiff('PackBits', { compression: 'packbits' }),
    ];
  });
  for (const { file, bytes } of cases) writeFileSync(file, bytes);
  const own = cases.map(({ bytes, decode }) => median(() => decode(bytes)));
  const result = spawnSync(values.python, ['-c', peer, ...cases.map(({ file }) => file)], { encoding: 'utf8' });
  const peers = result.status === 0 ? result.stdout.trim().split('\n') : [];
  if (peers.length === 0) console.log(`no peer: ${values.python} has neither OpenCV nor Pillow`);
  cases.forEach(({ name, bytes }, i) => {
    const [program, time] = peers[i]?.split('|') ?? [];
    const beside =
      time === undefined
        ? ''
        : `, ${program} ${Number(time).toFixed(1)} ms, ratio ${(own[i]! / Number(time)).toFixed(2)}`;
    console.log(`${name} (${(bytes.length / 2 ** 20).toFixed(1)} MiB): segkit ${own[i]!.toFixed(1)} ms${beside}`);
  });
} finally {
  rmSync(folder, { recursive: true });
}
