export { extract, type ExtractOptions } from './extract.ts';
export { distance as fingerprintDistance } from './fingerprint.ts';
