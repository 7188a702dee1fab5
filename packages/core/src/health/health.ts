import type { HealthFacts } from './facts.ts';
import type { Level, Light } from './light.ts';
import { lightRules } from './lights/index.ts';

/** Lights that need the database say nothing while it is away. */
const WITHOUT_DATABASE = new Set(['database', 'disk', 'stages']);

/** Every light that can be told from these facts. */
export function lightsOf(facts: HealthFacts): Light[] {
  const lights = lightRules.map((rule) => rule(facts));
  return 'failure' in facts.database ? lights.filter(({ name }) => WITHOUT_DATABASE.has(name)) : lights;
}

const LEVELS: readonly Level[] = ['off', 'good', 'watch', 'bad'];

/** The level of the worst light. */
export const worstOf = (lights: readonly Light[]): Level =>
  lights.reduce<Level>((worst, { level }) => (LEVELS.indexOf(level) > LEVELS.indexOf(worst) ? level : worst), 'off');
