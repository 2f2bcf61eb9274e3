import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import * as z from 'zod';

const SOURCE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

const nodeSchema = z.object({ html: z.string(), failureSummary: z.optional(z.string()) });
const resultSchema = z.object({ violations: z.array(z.object({ id: z.string(), nodes: z.array(nodeSchema) })) });

/** What axe finds wrong with the page as it is now: a line for each element. */
export async function violationsOf(page: Page): Promise<string[]> {
  // As text, through the debugger: the page's own policy lets no such script in.
  await page.evaluate(SOURCE);
  const options = JSON.stringify({ runOnly: TAGS, resultTypes: ['violations'] });
  const { violations } = resultSchema.parse(await page.evaluate(`axe.run(document, ${options})`));
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary = '' }) => `${id}: ${html} ${failureSummary.replaceAll(/\s+/g, ' ')}`),
  );
}
