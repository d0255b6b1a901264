import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readAddress } from "../../src/queue/address.ts";
import { JobRefusedError, readTrialJob, runName } from "../../src/queue/payload.ts";
import { specify } from "../../src/simulation/index.ts";
import { version } from "../../src/version.ts";
import { description, grid } from "./scenario.ts";

describe("exactness: addresses", () => {
  it("URL, environment, defaults", () => {
    expect(readAddress("rediss://me:p%40ss@[::1]:7000/2")).toEqual({
      shown: "rediss://[::1]:7000/2",
      host: "::1",
      port: 7000,
      database: 2,
      tls: true,
      username: "me",
      password: "p@ss",
    });
    const environment = { REPLICA_THEORY_QUEUE: "redis://host", REPLICA_THEORY_QUEUE_PASSWORD: "pw" };
    const expected = {
      shown: "redis://host:6379/0",
      host: "host",
      port: 6379,
      database: 0,
      tls: false,
      password: "pw",
    };
    expect(readAddress(undefined, environment)).toEqual(expected);
    expect(readAddress("redis://:other@host", environment).password).toBe("other");
    expect(() => readAddress()).toThrow(/queue = undefined is not legal: required/);
  });

  it("no error shows a password, wherever an address goes wrong", () => {
    const secret = fc.string({ minLength: 8 }).map((text) => `SECRET${text}SECRET`);
    const place = fc.constantFrom(
      (text: string) => `redis://:${text}@host:70000`,
      (text: string) => `redis://${text}@host/database`,
      (text: string) => `http://user:${text}@host`,
      (text: string) => `redis://host/0?password=${text}`,
      (text: string) => `redis:${text}`,
    );
    fc.assert(
      fc.property(secret, place, (text, at) => {
        try {
          expect(readAddress(at(text)).shown).not.toContain("SECRET");
        } catch (error) {
          expect((error as Error).message).not.toContain("SECRET");
        }
      }),
    );
  });
});

describe("laws: jobs", () => {
  const specification = specify(description, grid);
  const job = { version, run: runName({ specification, backend: "wasm" }), backend: "wasm", specification, trial: 3 };

  it("a job survives JSON, and its run's name depends on everything that the results depend on", () => {
    expect(readTrialJob(JSON.parse(JSON.stringify(job)))).toEqual(job);
    const others = [
      runName({ specification, backend: "openblas" }),
      runName({ specification: { ...specification, seed: 8 }, backend: "wasm" }),
      runName({ specification: { ...specification, ridges: [0.2] }, backend: "wasm" }),
    ];
    expect(new Set([job.run, ...others]).size).toBe(4);
  });

  it("whatever else comes is refused, never run", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(...Object.keys(job)), (value, field) => {
        const changed = { ...job, [field]: value };
        fc.pre(JSON.stringify(changed) !== JSON.stringify(job) && !(field === "trial" && Number.isInteger(value)));
        expect(() => readTrialJob(changed)).toThrow(JobRefusedError);
        expect(() => readTrialJob(value)).toThrow(JobRefusedError);
      }),
    );
  });

  it("a function for student or target is refused before any work", () => {
    const withFunction = { ...specification, target: (x: number) => x };
    expect(() => runName({ specification: withFunction, backend: "wasm" })).toThrow(/cannot be sent to a queue/);
  });
});
