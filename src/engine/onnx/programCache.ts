import type { Program } from './program.js';

/** Programs by structure; where there are too many, the one that was used least recently goes. */
export class ProgramCache {
  readonly #programs = new Map<string, Program>();
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** How many there are. */
  get size(): number {
    return this.#programs.size;
  }

  get(structure: string): Program | undefined {
    const program = this.#programs.get(structure);
    if (program) {
      // A Map lists what was set first: the youngest goes to the end.
      this.#programs.delete(structure);
      this.#programs.set(structure, program);
    }
    return program;
  }

  set(structure: string, program: Program): void {
    this.#programs.set(structure, program);
    for (const [oldest, unused] of this.#programs) {
      if (this.#programs.size <= this.#limit) break;
      unused.dispose();
      this.#programs.delete(oldest);
    }
  }

  clear(): void {
    for (const program of this.#programs.values()) program.dispose();
    this.#programs.clear();
  }
}
