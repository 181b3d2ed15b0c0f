import { Command } from 'commander';

/** A command whose every complaint, suggestion included, is one line. */
export function command(name: string): Command {
  return new Command(name).configureOutput({
    outputError: (text, write) => write(`${text.trim().replace(/\s*\n\s*/g, ' ')}\n`),
  });
}
