import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** A case of golden/models, see ../fixtures/models/pack-smp.mjs. */
export interface SmpCase {
  name: string;
  params: {
    arch: 'Unet' | 'UnetPlusPlus';
    encoder: EncoderName;
    in_channels: number;
    classes: number;
    encoder_depth?: number;
    decoder_channels?: number[];
    decoder_attention_type?: 'scse';
    decoder_use_batchnorm?: boolean;
  };
  outputs: { logits: string; stage_stats: Record<string, StageStatistics> } & Record<string, unknown>;
  tolerance: number;
}
export interface StageStatistics {
  mean: number;
  std: number;
  min: number;
  max: number;
  l2: number;
  first8: number[];
  last8: number[];
}
export interface Training {
  losses_f64: number[];
  losses_f32: number[];
  grad_step1_f64: Record<string, { l2: number; first8: number[] }>;
  weights_after_step_f64: Record<string, { l2: number; first8: number[] }>[];
  final_l2_all_f64: Record<string, number>;
  final_l2_all_f32: Record<string, number>;
}
export interface ParameterCounts {
  arch: 'Unet' | 'UnetPlusPlus';
  encoder: EncoderName;
  in_channels: number;
  classes: number;
  encoder_depth?: number;
  decoder_channels: number[];
  decoder_use_batchnorm?: boolean;
  decoder_attention_type?: 'scse';
  trainable: number;
  with_bn_stats: number;
}
export type EncoderName =
  | 'resnet18'
  | 'resnet34'
  | 'resnet50'
  | 'efficientnet-b0'
  | 'efficientnet-b1'
  | 'efficientnet-b2'
  | 'efficientnet-b3'
  | 'mobilenet_v2';
interface Packed {
  cases: SmpCase[];
  arrays: Record<string, string>;
  stateDicts: Record<string, [name: string, shape: number[]][]>;
  parameterCounts: ParameterCounts[];
  layout: Record<string, { convs: { key: string; k: number; stride: number; pad_lrtb: number[] }[] }>;
  training: Record<string, Training>;
}

export const smp = JSON.parse(
  gunzipSync(readFileSync(new URL('../fixtures/models/smp.json.gz', import.meta.url))).toString(),
) as Packed;

/** The folder of all goldens, with the arrays that the fixture leaves out; `npm run proof:goldens` names it. */
export const goldenFolder = process.env.SEGKIT_GOLDENS && join(process.env.SEGKIT_GOLDENS, 'models');
if (goldenFolder && !existsSync(goldenFolder)) throw new Error(`SEGKIT_GOLDENS: there is no folder ${goldenFolder}`);

/** Values and shape of a file of numpy, from the fixture or the folder. */
export function npy(file: string): { data: Float64Array | Float32Array; shape: number[] } {
  const packed = smp.arrays[file];
  const bytes = packed === undefined ? readFileSync(join(goldenFolder!, file)) : Buffer.from(packed, 'base64');
  const length = bytes.readUInt16LE(8);
  const header = bytes.toString('latin1', 10, 10 + length);
  const shape = /\(([^)]*)\)/
    .exec(header)![1]!
    .split(',')
    .filter((side) => side.trim())
    .map(Number);
  const { buffer } = Uint8Array.from(bytes.subarray(10 + length));
  return { shape, data: header.includes('<f4') ? new Float32Array(buffer) : new Float64Array(buffer) };
}
