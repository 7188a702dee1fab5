import fc from 'fast-check';

/** Property tests draw the same examples in every run, unless `FUZZ_SEED` is another number or `random`. */
const DEFAULT_SEED = 20_260_801;

fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: seedOf(process.env['FUZZ_SEED']) });

/** The seed that a setting asks for. Throws for what is neither `random` nor an integer. */
function seedOf(setting: string | undefined): number {
  if (setting === undefined || setting === '') return DEFAULT_SEED;
  if (setting === 'random') return Math.floor(Math.random() * 2 ** 31);
  const seed = Number(setting);
  if (!Number.isInteger(seed)) throw new Error(`FUZZ_SEED is "${setting}"; expected an integer or "random"`);
  return seed;
}
