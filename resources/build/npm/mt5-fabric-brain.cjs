#!/usr/bin/env -S node --max-opt=1 --max-semi-space-size=1 --v8-pool-size=0
// The brain's command line. The flags keep it at about 50 MB: without them V8's optimising compilers and a growing heap
// take 13 MB more once it is busy, for a fifth more ticks a second than the 180,000 that it reads with them.
'use strict';

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 3)) {
  process.stderr.write(`mt5-fabric-brain: needs Node 22.3 or newer, and this is ${process.version}\n`);
  process.exit(78);
}

require('./brain.cjs')
  .runBrain(process.argv.slice(2), undefined, 'mt5-fabric-brain')
  .then((code) => {
    process.exitCode = code;
  });
