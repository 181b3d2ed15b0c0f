import { bubblesCommand } from './bubbles.js';
import { importSmpCommand } from './import-smp.js';
import { measureCommand } from './measure.js';
import { ownDataCommand } from './own-data.js';
import { command } from './shared/command.js';

// npm run example -- STORY [options]; each story has a --help of its own.
const program = command('npm run example --')
  .description('Stories told with segkit, from a file to a result.')
  .addCommand(bubblesCommand())
  .addCommand(ownDataCommand())
  .addCommand(measureCommand())
  .addCommand(importSmpCommand());
await program.parseAsync();
