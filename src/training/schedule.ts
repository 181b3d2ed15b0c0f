/**
 * A learning-rate schedule: the factor on the optimiser's own learning rate after `epoch` finished epochs (0 in the
 * first one). `fit` asks once an epoch, or, with `scheduleBy: 'batch'`, before each batch with a fractional epoch.
 */
export type Schedule = (epoch: number) => number;
