import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { RunningGateway, type GatewayOptions } from '../running-gateway.ts';

/** A data folder for one test, removed when the test ends. */
export function dataFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'mt5-fabric-run-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

/** Starts the built gateway for one test, by default in a data folder of its own. */
export async function startGateway(options: Partial<GatewayOptions> = {}): Promise<RunningGateway> {
  const gateway = await RunningGateway.start({ dataDir: dataFolder(), ...options });
  onTestFinished(() => gateway.crash());
  return gateway;
}
