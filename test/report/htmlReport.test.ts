import { createImage, createLabels, createMask } from 'segkit/core';
import { decodePng, encodePng } from 'segkit/io';
import { measureParticles } from 'segkit/particles';
import { htmlReport, overlay, sizeHistogramSvg, unitSymbol } from 'segkit/report';
import { describe, expect, it } from 'vitest';
import { textsOf } from './svg.js';

const image = createImage(new Uint8Array([0, 50, 100, 150, 200, 250]), [2, 3]);
const evil = '<img src=x onerror="alert(1)"> & \'quoted\'';

function pngsOf(page: string): Uint8Array[] {
  return [...page.matchAll(/data:image\/png;base64,([^"]+)"/g)].map((match) => {
    return Uint8Array.from(atob(match[1]!), (character) => character.charCodeAt(0));
  });
}

describe('htmlReport', () => {
  const page = htmlReport({
    title: 'Gold on carbon',
    subtitle: 'Four test images',
    created: '20 November 2026',
    summary: [
      { label: 'Mean diameter', value: 5.31421, unit: 'nm', note: 'truth 5.28 nm' },
      { label: 'IoU', value: Number.NaN },
    ],
    warnings: ['Few particles.'],
    settings: { seed: 7, engine: 'wasm', augment: true },
    sections: [
      {
        kind: 'images',
        heading: 'Predictions',
        text: ['One.', 'Two.'],
        legend: [{ label: 'particle', color: [230, 159, 0] }],
        images: [
          { image, alt: 'a micrograph', caption: 'test 1', calibration: { pixelSize: 10, unit: 'nm' } },
          { image: overlay(image, createMask([0, 1, 0, 0, 1, 0], [2, 3])), alt: 'an overlay' },
          { image: encodePng(image), alt: 'bytes' },
        ],
      },
      { kind: 'chart', heading: 'Sizes', svg: sizeHistogramSvg([4, 5, 6], { unit: 'nm' }), caption: 'Bars.' },
      {
        kind: 'metrics',
        heading: 'Metrics',
        confusion: { classes: 2, counts: new Float64Array([6, 2, 1, 3]) },
        classNames: ['support', 'gold'],
      },
      {
        kind: 'table',
        heading: 'Particles',
        rows: [{ id: 1, diameter: 4.25 }, { id: 2, diameter: 12.5 }, { id: 3 }],
        limit: 2,
      },
      { kind: 'text', heading: 'Method', text: 'As published.' },
    ],
  });

  it('is one page with language, title, headings and contents', () => {
    expect(page).toMatch(/^<!doctype html>\n<html lang="en">/);
    expect(page).toContain('<title>Gold on carbon</title>');
    expect(page.match(/<h1>/g)).toHaveLength(1);
    expect(page).toContain('<a href="#section-2">Sizes</a>');
    expect(page).toContain('<h2 id="section-2-heading">Sizes</h2>');
    expect(page).toContain('20 November 2026');
    expect(page).toContain('<p>One.</p>\n<p>Two.</p>');
  });

  it('asks for nothing outside itself', () => {
    expect(page.replaceAll(/xmlns(:xlink)?="[^"]*"/g, '')).not.toMatch(/https?:|\/\/[a-z]|<script|@import/i);
    for (const [, address] of page.matchAll(/(?:src|href)="([^"]*)"/g)) expect(address).toMatch(/^(data:image\/png|#)/);
    expect(page).toContain("default-src 'none'");
  });

  it('is well-formed but for the void elements of HTML', () => {
    const xml = page.replace('<!doctype html>\n', '').replace(/<(meta|img)([^>]*)>/g, '<$1$2/>');
    expect(textsOf(xml).length).toBeGreaterThan(9);
  });

  it('embeds pictures that decode to the same pixels, each with an alternative text and its size', () => {
    const pngs = pngsOf(page);
    expect(pngs).toHaveLength(3);
    expect([...decodePng(pngs[0]!).data]).toEqual([...image.data]);
    expect(decodePng(pngs[1]!).shape).toEqual([2, 3, 3]);
    expect([...pngs[2]!]).toEqual([...encodePng(image)]);
    expect(page.match(/<img [^>]*width="3" height="2" alt="[^"]+">/g)).toHaveLength(3);
  });

  it('draws the scale bar as a share of the width: 5 nm of 30 nm = 16.667 %', () => {
    expect(page).toContain('style="width:16.667%"><span>5 nm</span>');
  });

  it('gives class 1 an IoU of 3 / (3 + 1 + 2) = 0.5 and a recall of 3 / 4, its row 25.0 % and 75.0 %', () => {
    expect(page).toContain('<th scope="row">gold</th><td class="number">0.5000</td>');
    expect(page).toMatch(/gold<\/th>(<td class="number">0\.\d{4}<\/td>){3}<td class="number">0\.7500<\/td>/);
    expect(page).toMatch(/25\.0 %<small>1<\/small>/);
    expect(page).toMatch(/75\.0 %<small>3<\/small>/);
  });

  it('rounds numbers, lines up columns, names undefined values and rows left out', () => {
    expect(page).toContain('<dd>5.314 <span class="unit">nm</span></dd>');
    expect(page).toContain('<span title="undefined">–</span>');
    expect(page).toContain('<td class="number">4.25</td>');
    expect(page).toContain('<td class="number">12.50</td>');
    expect(page).toContain('The first 2 of 3 rows.');
    expect(page).toContain('<th scope="row">augment</th><td>yes</td>');
  });

  it('escapes every text', () => {
    const text = evil;
    const column = { key: 'a', label: text, unit: text };
    const escaped = htmlReport({
      title: text,
      subtitle: text,
      created: text,
      summary: [{ label: text, value: text, unit: text, note: text }],
      warnings: [text],
      settings: { [text]: text },
      sections: [
        { kind: 'text', heading: text, text },
        { kind: 'table', heading: text, columns: [column], rows: [{ a: text }] },
        {
          kind: 'images',
          heading: text,
          images: [{ image, alt: text, caption: text }],
          legend: [{ label: text, color: [0, 0, 0] }],
        },
        {
          kind: 'chart',
          heading: text,
          svg: sizeHistogramSvg([1], { title: text, name: text, quantity: text }),
          caption: text,
        },
        {
          kind: 'metrics',
          heading: text,
          confusion: { classes: 1, counts: new Float64Array([1]) },
          classNames: [text],
        },
      ],
    });
    expect(escaped).not.toContain('<img src=x');
    expect(escaped).not.toContain(`alt="${text}`);
    expect(escaped).toContain('&lt;img src=x onerror=&quot;alert(1)&quot;&gt; &amp; &#39;quoted&#39;');
    const xml = escaped.replace('<!doctype html>\n', '').replace(/<(meta|img)([^>]*)>/g, '<$1$2/>');
    expect(textsOf(xml).length).toBeGreaterThan(9);
  });

  it('is the same text every time', () => {
    const options = { title: 'T', sections: [{ kind: 'chart', heading: 'h', svg: sizeHistogramSvg([1, 2]) }] } as const;
    expect(htmlReport(options)).toBe(htmlReport(options));
  });

  it('refuses SVG that runs code or loads something', () => {
    const chart = (svg: string) => htmlReport({ title: 'T', sections: [{ kind: 'chart', heading: 'h', svg }] });
    for (const inner of [
      '<script>alert(1)</script>',
      '<a href="https://example.org">x</a>',
      '<image href="data:image/png;base64,AA"/>',
      '<rect onload="alert(1)"/>',
      '<rect fill="url(https://example.org/x)"/>',
      '<foreignObject/>',
      '<!ENTITY x "y">',
      '<style>@import "x.css"</style>',
      '<rect a="<" ',
    ]) {
      expect(() => chart(`<svg>${inner}</svg>`), inner).toThrow('sections[0].svg must hold shapes and texts only');
    }
    expect(() => chart('<div></div>')).toThrow('sections[0].svg must be an SVG element');
    expect(() => chart('<svg></svg><p>')).toThrow('sections[0].svg must be an SVG element');
    expect(chart('<svg><text>onload=1 is a text</text></svg>')).toContain('onload=1');
  });

  it('writes um and um² with the sign of micro, in figures, headings and the symbol that captions take', () => {
    const page = htmlReport({
      title: 'Sizes',
      summary: [{ label: 'Mean', value: 1.5, unit: 'um' }],
      sections: [
        {
          kind: 'table',
          heading: 'All',
          columns: [
            { key: 'a', unit: 'um²' },
            { key: 'b', unit: 'lum' },
          ],
          rows: [{ a: 1, b: 2 }],
        },
      ],
    });
    expect(page).toContain('<dd>1.5 <span class="unit">µm</span></dd>');
    expect(page).toContain('<span class="unit">µm²</span>');
    expect(page).toContain('<span class="unit">lum</span>');
    expect(['um', 'um²', 'nm', 'px'].map(unitSymbol)).toEqual(['µm', 'µm²', 'nm', 'px']);
  });
  it('lists particles with their units and sources', () => {
    const labels = createLabels([1, 1, 0, 1, 1, 0, 0, 0, 2], [3, 3]);
    const particles = measureParticles(labels, { calibration: { pixelSize: 0.5, unit: 'um' } });
    const list = (section: object) =>
      htmlReport({ title: 'T', sections: [{ kind: 'particles', heading: 'Particles', particles, ...section }] });
    const listed = list({ sources: ['a<b>', 'c'], limit: 1 });
    expect(listed).toContain('<th scope="col" class="number">Area <span class="unit">µm²</span></th>');
    expect(listed).toContain('<td>a&lt;b&gt;</td><td class="number">1</td>');
    expect(listed).toContain('The first 1 of 2 rows.');
    expect(list({ particles: [] })).toContain('There are no particles.');
    expect(() => list({ sources: ['a'] })).toThrow('sections[0].sources must name one a particle, 2, got 1.');
    expect(() => list({ particles: [particles[0], { ...particles[1], unit: 'nm' }] })).toThrow(
      'sections[0].particles must be of one unit, got "um" and "nm".',
    );
  });

  it('says what is wrong', () => {
    const of = (section: object) => () => htmlReport({ title: 'T', sections: [section as never] });
    expect(() => htmlReport({ title: '', sections: [] })).toThrow('title must be a text');
    expect(() => htmlReport({ title: 'T', sections: [], language: 'en" x' })).toThrow('language must be a tag');
    expect(() => htmlReport({ title: 'T', sections: [], theme: 'dark' } as never)).toThrow(
      'htmlReport has no option "theme"',
    );
    expect(of({ kind: 'video', heading: 'h' })).toThrow('sections[0].kind must be one of');
    expect(of({ kind: 'text' })).toThrow('sections[0].heading must be a text');
    expect(of({ kind: 'images', heading: 'h', images: [{ image, alt: '' }] })).toThrow(
      'sections[0].images[0].alt must say',
    );
    expect(of({ kind: 'images', heading: 'h', images: [{ image: new Uint8Array(40), alt: 'a' }] })).toThrow(
      'sections[0].images[0].image must be an image or the bytes of a PNG file',
    );
    expect(of({ kind: 'table', heading: 'h', rows: [{ a: {} }] })).toThrow('a cell must be a text, number or boolean');
    expect(of({ kind: 'metrics', heading: 'h', confusion: { classes: 2, counts: new Float64Array(3) } })).toThrow(
      'must hold 4 counts',
    );
    expect(
      of({ kind: 'metrics', heading: 'h', confusion: { classes: 1, counts: new Float64Array(1) }, classNames: [] }),
    ).toThrow('classNames must have a name for each of 1 classes');
  });
});
