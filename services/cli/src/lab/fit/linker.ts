import { fitLinker, type Example } from '@throughline/enrich';
import { readLinkedEvents } from '../linked-events.ts';
import { asExample } from '../tag.ts';
import { weightsModule } from './weights-module.ts';

/**
 * Fits the linker's trees to events with links, in order of their days, and
 * writes them as `packages/enrich/src/weights/linker.ts`.
 */
export async function labFitLinker(
  train: readonly string[],
  write: (text: string) => void,
  log: (line: string) => void,
): Promise<void> {
  const examples: Example[] = [];
  for (const file of train) for await (const event of readLinkedEvents(file)) examples.push(asExample(event));
  const { span, title } = fitLinker(examples, log);
  write(weightsModule('throughline lab fit linker', { spanWeights: span, titleWeights: title }));
}
