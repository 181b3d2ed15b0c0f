import { Command } from 'commander';
import { bubblesCommand } from './bubbles.js';
import { measureCommand } from './measure.js';
import { ownDataCommand } from './own-data.js';

// npm run example -- STORY [options]; each story has a --help of its own.
const program = new Command('npm run example --')
  .description('Stories told with segkit, from a file to a result.')
  .addCommand(bubblesCommand())
  .addCommand(ownDataCommand())
  .addCommand(measureCommand());
await program.parseAsync();
