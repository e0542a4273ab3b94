// Uses the types that openapi-typescript generates. It compiles only if the document has all of these fields.
import createClient from "openapi-fetch";
import type { paths } from "./generated.ts";

declare const process: { argv: string[] };

const api = createClient<paths>({ baseUrl: process.argv[2]! });

const status = await api.GET("/api/v1/status");
if (!status.data) throw new Error(status.error.detail ?? "no status");
const state: "InSync" | "OutOfSync" | "Unknown" = status.data.state;
const addresses: (string | null)[] = status.data.addresses.map((a) => a.address);

const query = { name: "home", state: "UpToDate", limit: 1 } as const;
const page = await api.GET("/api/v1/records", { params: { query } });
if (!page.data) throw new Error(page.error.detail ?? "no records");
const record = page.data.items[0];
if (!record) throw new Error("no record");
const values: string[] | null = record.values;
const ttl: number = record.ttl;
const correct: number | undefined = record.nameServers?.correct;
const failedAt: string | undefined = record.lastError?.at;

const changes = await api.GET("/api/v1/changes", { params: { query: { since: "2026-01-01T00:00:00Z" } } });
const seconds: (number | null)[] | undefined = changes.data?.items.map((c) => c.seconds);

const path = { fqdn: "nothing.example.com", type: "A" } as const;
const missing = await api.GET("/api/v1/records/{fqdn}/{type}", { params: { path } });
if (missing.error?.status !== 404) throw new Error("expected 404");

console.log(record.fqdn, record.type, ttl, values?.join(" "), state, addresses.join(" "), correct, failedAt, seconds);
