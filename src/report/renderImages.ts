import { requireInteger, show } from '../core/check.js';
import { embedPng } from './dataUri.js';
import { escapeMarkup } from './markup.js';
import { requireRgb, requireStretch } from './rgb.js';
import { scaleBar } from './scaleBar.js';
import type { ImagesSection, ReportImage } from './sections.js';

/** Returns the HTML of pictures with captions, scale bars and the meaning of their colours. */
export function renderImages(name: string, { images, columns = 2, legend = [] }: ImagesSection): string {
  if (!Array.isArray(images)) throw new TypeError(`${name}.images must be a list, got ${show(images)}.`);
  requireInteger(`${name}.columns`, columns, { min: 1, max: 6 });
  const figures = images.map((image: ReportImage, i) => renderImage(`${name}.images[${i}]`, image));
  const meanings = legend.map(({ label, color }, i) => {
    requireRgb(`${name}.legend[${i}].color`, color);
    return `<li><span class="swatch" style="background:rgb(${color.join(',')})"></span>${escapeMarkup(label)}</li>`;
  });
  const list = meanings.length > 0 ? `<ul class="legend">${meanings.join('')}</ul>\n` : '';
  return `${list}<div class="pictures" style="--columns:${columns}">\n${figures.join('\n')}\n</div>\n`;
}

function renderImage(name: string, { image, alt, caption, calibration, stretch = 'auto' }: ReportImage): string {
  if (typeof alt !== 'string' || alt === '')
    throw new TypeError(`${name}.alt must say what is shown, got ${show(alt)}.`);
  requireStretch(stretch);
  const { uri, width, height } = embedPng(`${name}.image`, image, stretch);
  const picture = `<img src="${uri}" width="${width}" height="${height}" alt="${escapeMarkup(alt)}">`;
  let bar = '';
  if (calibration !== undefined) {
    const { pixels, text } = scaleBar(width, calibration);
    const share = ((100 * pixels) / width).toFixed(3);
    bar = `<div class="scale" style="width:${share}%"><span>${escapeMarkup(text)}</span></div>`;
  }
  const below = caption === undefined ? '' : `<figcaption>${escapeMarkup(caption)}</figcaption>`;
  return `<figure><div class="picture">${picture}${bar}</div>${below}</figure>`;
}
