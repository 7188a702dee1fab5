import { describe, expect, it } from 'vitest';
import { preferredLabel } from './label.ts';

describe('preferredLabel', () => {
  it('is the title without its disambiguator', () => {
    expect(preferredLabel('Mercury (planet)')).toBe('Mercury');
    expect(preferredLabel('Syria')).toBe('Syria');
  });

  it('is how editors write it, where they use the same words', () => {
    expect(preferredLabel('Ministry of Defence (Russia)', { surface: 'Russian Defence Ministry', share: 0.3 })).toBe(
      'Russian Defence Ministry',
    );
    expect(
      preferredLabel('Russian military intervention in Syria', {
        surface: 'Russian military intervention',
        share: 0.9,
      }),
    ).toBe('Russian military intervention');
  });

  it('is never an accident of anchor text', () => {
    expect(preferredLabel('France', { surface: 'French', share: 0.9 })).toBe('France');
    expect(preferredLabel('Islamic State of Iraq and the Levant', { surface: 'ISIL', share: 0.9 })).toBe(
      'Islamic State of Iraq and the Levant',
    );
    expect(preferredLabel('Coup d’état', { surface: 'a coup', share: 0.9 })).toBe('Coup d’état');
    expect(preferredLabel('Islamic State of Iraq and the Levant', { surface: 'Islamic State', share: 0.2 })).toBe(
      'Islamic State of Iraq and the Levant',
    );
  });

  it('keeps a title that is nothing but a disambiguator', () => {
    expect(preferredLabel('(hed) p.e.')).toBe('(hed) p.e.');
    expect(preferredLabel('(500) Days')).toBe('(500) Days');
  });
});
