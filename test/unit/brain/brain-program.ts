// The brain's command line as a program, for tests that need a process.
import { runBrain } from '../../../main/brain/index.ts';

process.exitCode = await runBrain(process.argv.slice(2));
