import { EXIT, type ExitCode } from '../../exit-codes.ts';
import { isSound } from './check.ts';
import { diagnose } from './diagnose.ts';
import { doctorLines } from './doctor-text.ts';
import { gather, type Place } from './gather.ts';

/** What `--doctor` needs of its surroundings. */
export interface DoctorIo extends Place {
  readonly json: boolean;
  readonly inColour: boolean;
  stdout(text: string): void;
}

/** `--doctor`: says of each link of the chain how it stands and what to do. Ends with 1 when one is broken. */
export async function runDoctorCommand(io: DoctorIo): Promise<ExitCode> {
  const checks = diagnose(await gather(io));
  const ok = isSound(checks);
  io.stdout(io.json ? `${JSON.stringify({ ok, checks })}\n` : `${doctorLines(checks, io.inColour).join('\n')}\n`);
  return ok ? EXIT.ok : EXIT.refused;
}
