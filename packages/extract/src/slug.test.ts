import { expect, it } from 'vitest';
import { slugShare, slugWordsOf } from './slug.ts';

it('takes the words of the segment that has most of them, numbers and endings left out', () => {
  expect([...slugWordsOf('https://a.example/news/2024/ferry-to-north-port-1234567.html')]).toEqual([
    'ferry',
    'north',
    'port',
  ]);
  expect(slugWordsOf('https://a.example/news/article.php?id=7').size).toBe(0);
  expect(slugWordsOf('https://a.example/%E0%A4%A/b').size).toBe(0);
});

it('finds a slug’s words whether umlauts were written as one letter or as two', () => {
  const slug = slugWordsOf('https://a.example/fahre-nach-suedhafen-faehrt-wieder');

  expect(slugShare('Fähre nach Südhafen fährt wieder', slug)).toBe(1);
  expect(slugShare('Der Sturm', slug)).toBe(0);
});
