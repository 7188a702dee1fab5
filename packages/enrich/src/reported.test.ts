import { Day, type EventId } from '@throughline/core';
import { describe, expect, it } from 'vitest';
import { reportedEvent } from './reported.ts';

const on = Day.parse('2017-03-10');
const event = (id: string, text: string, day = on) => ({ id: id as EventId, day, text });
const park = event(
  'park',
  'The Constitutional Court of South Korea upholds the impeachment of President Park Geun-hye, removing her from office.',
);
const others = [
  park,
  event('storm', 'A storm kills nine people in the north of Madagascar.'),
  event('vote', 'Voters in Western Australia elect a new state parliament.', Day.parse('2017-03-11')),
];

describe('reportedEvent', () => {
  it('finds the event that a title says again, and says why', () => {
    const found = reportedEvent(
      { title: "South Korea's President Park Geun-hye removed as court upholds impeachment", day: on },
      others,
    );
    expect(found?.event).toBe('park');
    expect(found?.why).toMatch(/^it reports this event of the same day: \d+ of the \d+ telling words/);
  });

  it('is told by the description too', () => {
    const report = {
      title: 'Court removes Park from office in South Korea',
      description: 'The Constitutional Court upholds the impeachment of the president.',
      day: on,
    };
    expect(reportedEvent(report, others)?.event).toBe('park');
  });

  it('finds none where the words are others, few, or of two events alike', () => {
    expect(
      reportedEvent({ title: 'Football: a late goal decides the derby in Milan', day: on }, others),
    ).toBeUndefined();
    expect(reportedEvent({ title: 'South Korea', day: on }, others)).toBeUndefined();
    expect(reportedEvent({ title: '', day: on }, others)).toBeUndefined();
    expect(reportedEvent({ title: 'Anything at all', day: on }, [])).toBeUndefined();
    const twin = event('twin', park.text.replace('removing her from office', 'and she leaves'));
    const title = "South Korea's court upholds the impeachment of President Park Geun-hye";
    expect(reportedEvent({ title, day: on }, [...others, twin])).toBeUndefined();
  });
});
