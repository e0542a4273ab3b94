// Uses the types that openapi-typescript generates. It compiles only if the document has all of these fields.
import createClient from "openapi-fetch";
import type { paths } from "./generated.ts";

declare const process: { argv: string[] };

const api = createClient<paths>({ baseUrl: process.argv[2] });

const status = await api.GET("/api/v1/status");
if (!status.data) throw new Error(status.error.detail);
const state: "InSync" | "OutOfSync" | "Unknown" = status.data.state;
const addresses: (string | null)[] = status.data.addresses.map((a) => a.address);

const page = await api.GET("/api/v1/records", { params: { query: { name: "home", limit: 1 } } });
if (!page.data) throw new Error(page.error.detail);
const record = page.data.records[0];
if (!record) throw new Error("no record");
const values: string[] | null = record.values;

const missing = await api.GET("/api/v1/records/{fqdn}/{type}", {
  params: { path: { fqdn: "nothing.example.com", type: "A" } },
});
if (missing.error?.status !== 404) throw new Error("expected 404");

console.log(`${record.fqdn} ${record.type} ${values?.join(" ")} ${state} ${addresses.join(" ")}`);
