import { InvalidArgumentError } from 'commander';
import { Day } from '@throughline/core';

/** A commander argument parser for days. */
export function parseDayArgument(value: string): Day {
  const day = Day.safeParse(value);
  if (!day.success) throw new InvalidArgumentError(`${JSON.stringify(value)} is no day: write YYYY-MM-DD.`);
  return day.data;
}
