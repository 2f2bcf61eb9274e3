import type { Findings } from './findings.ts';

/** The terminal that counts: of the gateway that runs, else of the settings. */
export function terminalInUse({ gateway, settings }: Pick<Findings, 'gateway' | 'settings'>): 'paper' | 'bridge' {
  if (gateway.kind !== 'running') return settings.terminal;
  return gateway.status.terminal.account_mode === 'PAPER' ? 'paper' : 'bridge';
}

/** Whether MetaTrader is needed: a gateway that trades on paper does without, a machine where nothing runs is asked for all. */
export function needsMetaTrader(findings: Findings): boolean {
  return findings.gateway.kind !== 'running' || terminalInUse(findings) === 'bridge';
}
