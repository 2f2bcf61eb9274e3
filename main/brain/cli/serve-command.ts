import type { CommandSpec } from './command-spec.ts';
import { serve } from './serve.ts';

/** The command behind which a strategy in any language can sit. */
export const SERVE_COMMAND: CommandSpec = {
  name: 'serve',
  operands: '',
  summary: 'JSON lines for a strategy in any language',
  details: `Reads one JSON object a line and writes one a line. In:
  {"id": 1, "action": "OPEN_ORDER", "payload": {"symbol": "EURUSD", …}}
      and, where wanted, "req_id", "ttl_ms", "timeout_ms"
  {"id": 2, "resend": "REQ_ID"}     a command without reply, byte by byte
  {"subscribe": ["EURUSD"]}         ticks; {"unsubscribe": ["EURUSD"]} ends them
  {"events": true}                  all events, or a list of kinds; [] ends them
Out, the answers in the order in which they come:
  {"id": 1, "reply": {"req_id": "…", "status": "SUCCESS", "data": {…}, …}}
  {"id": 1, "error": {"code": "NO_REPLY", "req_id": "…", "sent": true, …}}
      no answer in time; with "sent" true it may have been executed: ask with
      GET_COMMAND, or resend; it is never sent again by itself
  {"id": null, "error": {"code": "BAD_REQUEST", "message": "…"}}
  {"tick": {"symbol": "EURUSD", "bid": 1.05123, …}}
  {"event": {"event": "TRADE", …}}
      with "lost": N where the reader was too slow and N before it are gone
Numbers are exact: a ticket past 2^53 keeps all its digits both ways. At the end
of the input the answers under way are awaited, then it ends with 0.`,
  options: [],
  prepare: () => serve,
};
