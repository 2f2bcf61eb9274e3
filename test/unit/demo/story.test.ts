import { describe, expect, it } from 'vitest';
import { dollars, lots } from '../../demo/figures.ts';
import { expectThat, Story, takesColour, UnexpectedAnswer } from '../../demo/story.ts';

function told(colour = false) {
  const lines: string[] = [];
  return { lines, story: new Story((line) => lines.push(line), colour) };
}

describe('a story', () => {
  it('tells steps in columns: time, what was done, what came of it', async () => {
    const { lines, story } = told();
    await story.step('buys', () => Promise.resolve('filled'));
    await story.step('looks', () => Promise.resolve(['one', 'two']));
    expect(lines[0]).toMatch(/^ +\d+\.\d ms {2}buys +filled$/);
    expect(lines[1]!.indexOf('one')).toBe(lines[0]!.indexOf('filled'));
    expect(lines[2]!.indexOf('two')).toBe(lines[0]!.indexOf('filled'));
  });

  it('tells what a step threw, and passes it on', async () => {
    const { lines, story } = told();
    const failing = story.step('buys', () => Promise.reject(new UnexpectedAnswer('no fill')));
    await expect(failing).rejects.toThrow(UnexpectedAnswer);
    expect(lines[0]).toContain('NOT AS EXPECTED: no fill');
  });

  it('has no colour unless it is asked for', () => {
    const [plain, coloured] = [told(), told(true)];
    plain.story.say('A sentence.');
    coloured.story.say('A sentence.');
    expect(plain.lines).toEqual(['\nA sentence.']);
    expect(coloured.lines[0]).toContain('\u001b[');
  });
});

describe('an expectation', () => {
  it('passes what holds, and throws the words for what does not', () => {
    expect(() => expectThat(true, 'no')).not.toThrow();
    expect(() => expectThat(false, 'no fill')).toThrow(new UnexpectedAnswer('no fill'));
  });
});

describe('colour', () => {
  it('is for terminals, unless NO_COLOR is set', () => {
    expect(takesColour({ isTTY: true }, undefined)).toBe(true);
    expect(takesColour({ isTTY: true }, '')).toBe(true);
    expect(takesColour({ isTTY: true }, '1')).toBe(false);
    expect(takesColour({ isTTY: false }, undefined)).toBe(false);
  });
});

describe('figures', () => {
  it('are written as traders write them', () => {
    expect(lots(0.1)).toBe('0.10 lots');
    expect(lots(undefined)).toBe('no lots');
    expect(dollars(9998.5)).toBe('9,998.50 USD');
    expect(dollars(-0.5)).toBe('-0.50 USD');
  });
});
