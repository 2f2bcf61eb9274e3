#!/usr/bin/env -S node --max-opt=1 --max-semi-space-size=1 --v8-pool-size=0
// The brain's command line. The flags keep it under 50 MB: without them V8's optimising compilers and a growing heap
// take 10 MB more, for nothing that a client of one gateway would notice.
'use strict';

require('./brain.cjs')
  .runBrain(process.argv.slice(2), undefined, 'mt5-fabric-brain')
  .then((code) => {
    process.exitCode = code;
  });
