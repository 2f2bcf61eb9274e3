import type { Check } from './check.ts';
import { gatewayChecks, tradingCheck } from './gateway-checks.ts';
import type { Findings } from './findings.ts';
import { installChecks } from './install-checks.ts';
import { linkChecks } from './link-checks.ts';
import { portChecks } from './port-checks.ts';

/** Every link of the chain in order, from the data folder to the broker; last, whether orders are let through. */
export function diagnose(findings: Findings): Check[] {
  return [
    ...gatewayChecks(findings),
    ...portChecks(findings),
    ...installChecks(findings),
    ...linkChecks(findings),
    tradingCheck(findings),
  ];
}
