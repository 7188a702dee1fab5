import { expect, it } from 'vitest';
import { nameWords } from './name-words.ts';
import { parseHtml } from './parse.ts';

const words = (attributes: string) => nameWords(parseHtml(`<div ${attributes}>`).elements[0]!);

it('cuts class and id into lower-case words at punctuation and humps', () => {
  expect(words('class="postTitle-2 c_box__body" id="Main"')).toEqual(['post', 'title', 'c', 'box', 'body', 'main']);
});

it('does not take what an element merely has beside it for what it is', () => {
  expect(words('class="with-sidebar noComments has_footer sidebar"')).toEqual(['with', 'no', 'has', 'sidebar']);
});
