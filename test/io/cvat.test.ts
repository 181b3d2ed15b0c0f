import fc from 'fast-check';
import { cvatToLabels, cvatToMask, decodeLabels, decodeNpy, parseCvatXml, selectCvatImage } from 'segkit/io';
import { describe, expect, it } from 'vitest';
import { countDifferent, noData, real, realText } from './helpers.js';

const wrap = (shapes: string, size = 'width="5" height="4"') =>
  `<?xml version="1.0" encoding="utf-8"?>
<annotations><version>1.1</version>
<meta><task><labels><label><name>bubble</name></label><label><name>void</name></label></labels>
<owner><username>somebody</username><email>somebody@example.org</email></owner></task></meta>
<image id="0" name="day1/a.png" ${size}>${shapes}</image></annotations>`;
const parse = (shapes: string, size?: string) => parseCvatXml(wrap(shapes, size)).images[0]!;

describe('parseCvatXml', () => {
  it('reads every kind of shape, from the lowest to the highest z_order', () => {
    const { labels, images } = parseCvatXml(
      wrap(`
      <polygon label="bubble" source="manual" occluded="1" points="0.5,0.2;2.9,0;-0.00,512.00" z_order="2">
        <attribute name="sure">yes &amp; no &#65;</attribute></polygon>
      <ellipse label="bubble" cx="1" cy="2" rx="3" ry="1.5" rotation="30.5" z_order="1"/>
      <box label="void" xtl="0" ytl="1" xbr="2" ybr="3.5" group_id="4"/>
      <mask label="void" rle="1, 2, 1" left="1" top="0" width="2" height="2" z_order="-1"/>
      <polyline label="void" points="1,1;2,2" z_order="9"/><points label="void" points="1,1" z_order="9"/>
      <cuboid label="void"/><skeleton label="void"/><tag label="void"/><tag label="void"/>`),
    );
    expect(labels).toEqual(['bubble', 'void']);
    expect(images).toHaveLength(1);
    const [image] = images;
    expect(image).toMatchObject({ id: 0, name: 'day1/a.png', width: 5, height: 4 });
    expect(image!.skipped).toEqual(['cuboid', 'skeleton', 'tag']);
    expect(image!.shapes.map(({ kind }) => kind)).toEqual(['mask', 'box', 'ellipse', 'polygon', 'polyline', 'points']);
    expect(image!.shapes[0]).toMatchObject({ left: 1, top: 0, width: 2, height: 2, runs: [1, 2, 1] });
    expect(image!.shapes[1]).toMatchObject({ label: 'void', groupId: 4, zOrder: 0, rotation: 0, occluded: false });
    expect(image!.shapes[2]).toMatchObject({ cx: 1, cy: 2, rx: 3, ry: 1.5, rotation: 30.5 });
    expect(image!.shapes[3]).toMatchObject({ occluded: true, attributes: { sure: 'yes & no A' } });
  });

  it('does not keep who drew the shapes', () => {
    expect(JSON.stringify(parseCvatXml(wrap('')))).not.toContain('somebody');
  });

  it.each([
    ['<annotations>', /CVAT: the XML is malformed \(Missing end tag/],
    ['', /CVAT: the XML is malformed/],
    ['{"shapes": []}', /CVAT: the XML is malformed/],
    ['<annotation/>', /root element must be <annotations>, got <annotation>/],
    ['<annotations><version>1.1</version></annotations>', /holds no <image>/],
    ['<annotations><track id="0" label="a"/></annotations>', /"CVAT for video 1.1"/],
    ['<annotations><image id="0" width="1" height="1"/></annotations>', /<image> 0 has no name/],
    [
      '<annotations><image id="0" name="a" width="0" height="1"/></annotations>',
      /width must be a whole number above 0, got 0/,
    ],
    [
      '<annotations><image id="0" name="a" height="1"/></annotations>',
      /width must be a finite number below 2\^31, got none/,
    ],
  ])('refuses %s', (text, message) => {
    expect(() => parseCvatXml(text)).toThrow(message);
  });

  it.each([
    ['<polygon label="a" points="0,0;nan,1"/>', /<polygon> of image "day1\/a.png": x of point 1 must be .* got "nan"/],
    ['<polygon label="a" points="0,0;1"/>', /point 1 must be "x,y", got "1"/],
    ['<polygon label="a" points=""/>', /<polygon> of image "day1\/a.png" has no points/],
    ['<polygon label="a" points="0,1e300"/>', /y of point 0 must be .* below 2\^31/],
    ['<polygon points="0,0"/>', /has no label/],
    ['<ellipse label="a" cx="1" cy="1" rx="-1" ry="1"/>', /rx and ry must not be negative, got -1 and 1/],
    ['<ellipse label="a" cx="1" cy="1" rx="1"/>', /ry must be a finite number below 2\^31, got none/],
    ['<box label="a" xtl="3" ytl="0" xbr="1" ybr="1"/>', /corner must not lie left or above/],
    [
      '<mask label="a" rle="1, 2" left="0" top="0" width="2" height="2"/>',
      /must fill the box of 2 x 2 = 4 pixels, got 3/,
    ],
    ['<mask label="a" rle="5, -1" left="0" top="0" width="2" height="2"/>', /whole numbers of 0 or more, got -1/],
    ['<mask label="a" left="0" top="0" width="2" height="2"/>', /has no rle/],
    ['<mask label="a" rle="4,x" left="0" top="0" width="2" height="2"/>', /run 1 must be a finite number/],
  ])('refuses %s', (shape, message) => {
    expect(() => parse(shape)).toThrow(message);
  });
});

describe('selectCvatImage', () => {
  const two = parseCvatXml(
    '<annotations><image id="0" name="x/a.png" width="1" height="1"/><image id="1" name="y/b.png" width="1" height="1"/>' +
      '<image id="2" name="z/b.png" width="1" height="1"/></annotations>',
  );

  it('finds by full name, or by file name', () => {
    expect(selectCvatImage(two, 'z/b.png').id).toBe(2);
    expect(selectCvatImage(two, 'a.png').id).toBe(0);
    expect(selectCvatImage(two, 'C:\\data\\a.png').id).toBe(0);
    expect(selectCvatImage({ labels: [], images: two.images.slice(0, 1) }).id).toBe(0);
  });

  it('never guesses', () => {
    expect(() => selectCvatImage(two)).toThrow(
      'holds 3 images, say which by its name: "x/a.png", "y/b.png", "z/b.png".',
    );
    expect(() => selectCvatImage(two, 'b.png')).toThrow('the file holds 2 images named "b.png"');
    expect(() => selectCvatImage(two, 'c.png')).toThrow('the file holds no image named "c.png"; it holds "x/a.png"');
  });
});

describe('cvatToMask', () => {
  it('paints box, polygon and mask over each other by z_order', () => {
    const image = parse(`
      <box label="void" xtl="0" ytl="0" xbr="4" ybr="3" z_order="0"/>
      <mask label="bubble" rle="1, 1, 1, 1" left="3" top="2" width="2" height="2" z_order="3"/>
      <polygon label="bubble" points="1,1;3,1;3,2" z_order="1"/><polyline label="void" points="0,0;4,3" z_order="7"/>`);
    // biome-ignore format: a picture
    expect([...cvatToMask(image, { classes: { bubble: 1, void: 9 } }).data]).toEqual([
      9, 9, 9, 9, 9,
      9, 1, 1, 1, 9,
      9, 9, 9, 1, 1,
      9, 9, 9, 9, 1,
    ]);
    expect(cvatToMask(image, { classes: ['void', 'bubble'] }).get(1, 1)).toBe(2);
  });

  it('turns boxes about their centre: a 5 x 1 box by 90 degrees stands upright', () => {
    const image = parse('<box label="a" xtl="0" ytl="2" xbr="4" ybr="2" rotation="90"/>', 'width="5" height="5"');
    const mask = cvatToMask(image, { classes: ['a'] });
    expect([0, 1, 2, 3, 4].map((row) => mask.get(row, 2))).toEqual([1, 1, 1, 1, 1]);
    expect(mask.data.reduce((sum, value) => sum + value, 0)).toBe(5);
  });

  it('paints runs row by row, background first, wherever the box lies', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }), fc.nat(3), fc.nat(2), (bits, left, top) => {
        const runs: number[] = [];
        for (let i = 0, value = false; i < bits.length; value = !value) {
          let run = 0;
          for (; i < bits.length && bits[i] === value; i++) run++;
          runs.push(run);
        }
        const mask = `<mask label="a" rle="${runs.join(', ')}" left="${left}" top="${top}" width="4" height="3"/>`;
        const painted = cvatToMask(parse(mask, 'width="7" height="5"'), { classes: ['a'] });
        bits.forEach((bit, i) => {
          expect(painted.get(top + Math.floor(i / 4), left + (i % 4))).toBe(Number(bit));
        });
        expect(painted.data.filter((value) => value === 1).length).toBe(bits.filter(Boolean).length);
      }),
    );
  });

  it('refuses unknown labels unless told to leave them out', () => {
    const image = parse('<box label="a" xtl="0" ytl="0" xbr="1" ybr="1"/>');
    expect(() => cvatToMask(image, { classes: ['bubble'] })).toThrow(
      'CVAT: <box> of image "day1/a.png": the label "a" is not among the classes "bubble".',
    );
    expect(cvatToMask(image, { classes: ['bubble'], unknown: 'ignore' }).data.every((value) => value === 0)).toBe(true);
    expect(() => cvatToMask(image, { classes: { a: 256 } })).toThrow(/classes\["a"\] must be an integer .* got 256/);
    const none: object = {};
    expect(() => cvatToMask(image, none as { classes: string[] })).toThrow(
      /classes must be an object .* got undefined/,
    );
  });

  it('refuses another image size, and masks that reach out', () => {
    const image = parse('<mask label="a" rle="4" left="4" top="0" width="2" height="2"/>');
    expect(() => cvatToMask(image, { classes: ['a'] })).toThrow(
      /box of 2 x 2 at row 0, column 4 must lie within the image of 4 x 5/,
    );
    expect(() => cvatToMask(image, { classes: ['a'], size: { height: 5, width: 4 } })).toThrow(
      'CVAT: image "day1/a.png" is annotated at 4 x 5 (height x width), but the image has 5 x 4.',
    );
  });

  it.skipIf(noData)('reproduces the masks of Lecture 13 with 0 differing pixels (needs SEGKIT_DATA)', () => {
    const stored = decodeNpy(real('lecture13/DL_for_Microscopy_Train_Img_12_unet_mask.npy'));
    expect(stored.shape).toEqual([2, 512, 512]);
    for (const k of [1, 2]) {
      const annotations = parseCvatXml(realText(`lecture13/DL_for_Microscopy_Train_Lab_${k}.xml`));
      const image = selectCvatImage(annotations, `DL_for_Microscopy_Train_Img_${k}.png`);
      const mask = cvatToMask(image, { classes: ['bubble'], size: { height: 512, width: 512 } });
      const expected = stored.data.subarray((k - 1) * 512 * 512, k * 512 * 512);
      expect(countDifferent(mask.data, expected)).toBe(0);
    }
    expect(() => selectCvatImage(parseCvatXml(realText('lecture13/DL_for_Microscopy_Train_Lab_2.xml')))).toThrow(
      'holds 5 images',
    );
  });

  it.skipIf(noData)('reads the export of datumaro, and refuses its one for video (needs SEGKIT_DATA)', () => {
    const { images } = parseCvatXml(realText('annotations/datumaro/cvat_dataset/for_images/train.xml'));
    const kinds = new Set(images.flatMap(({ shapes }) => shapes.map(({ kind }) => kind)));
    expect([...kinds].sort()).toEqual(['box', 'points', 'polygon', 'polyline']);
    expect(() => parseCvatXml(realText('annotations/datumaro/cvat_dataset/for_video/annotations.xml'))).toThrow(
      'for video',
    );
  });
});

describe('cvatToLabels', () => {
  it('numbers the shapes in painting order; later ones overwrite', () => {
    const image = parse(`
      <box label="a" xtl="0" ytl="0" xbr="2" ybr="0" group_id="1"/><box label="a" xtl="2" ytl="0" xbr="3" ybr="0"/>
      <points label="a" points="0,0"/><box label="a" xtl="0" ytl="1" xbr="0" ybr="1" group_id="1"/>`);
    expect([...cvatToLabels(image).data.slice(0, 6)]).toEqual([1, 1, 2, 2, 0, 3]);
    expect([...cvatToLabels(image, { groups: 'merge' }).data.slice(0, 6)]).toEqual([1, 1, 2, 2, 0, 1]);
    expect(cvatToLabels(image, { classes: ['b'], unknown: 'ignore' }).data.every((id) => id === 0)).toBe(true);
    expect(() => cvatToLabels(image, { classes: ['b'] })).toThrow('the label "a" is not among the classes "b"');
  });

  it.skipIf(noData)('reproduces the instances of Lecture 13: 37 and 14 (needs SEGKIT_DATA)', async () => {
    for (const [k, count] of [
      [1, 37],
      [2, 14],
    ] as const) {
      const annotations = parseCvatXml(realText(`lecture13/DL_for_Microscopy_Train_Lab_${k}.xml`));
      const labels = cvatToLabels(selectCvatImage(annotations, `DL_for_Microscopy_Train_Img_${k}.png`));
      const expected = await decodeLabels(real(`lecture13/train${k}.label.png`));
      expect(countDifferent(labels.data, expected.data)).toBe(0);
      expect(new Set(labels.data).size).toBe(count + 1);
    }
  });
});
