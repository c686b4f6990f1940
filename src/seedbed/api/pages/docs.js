// Draws openapi.json as a list. All texts are put in as text, never as markup.
"use strict";

const METHODS = ["get", "post", "put", "patch", "delete"];

function element(name, text, kind) {
  const made = document.createElement(name);
  if (text) made.textContent = text;
  if (kind) made.className = kind;
  return made;
}

function resolved(schema, whole) {
  const path = (schema.$ref || "").split("/").slice(1);
  return path.length ? path.reduce((part, key) => part[key], whole) : schema;
}

function typeOf(schema, whole, deep = 0) {
  if (!schema) return "any";
  if (schema.$ref) return schema.$ref.split("/").pop();
  const several = schema.anyOf || schema.oneOf || schema.allOf;
  if (several) return [...new Set(several.map((one) => typeOf(one, whole, deep)))].join(" or ");
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  if ("const" in schema) return JSON.stringify(schema.const);
  if (schema.type === "array") return `list of ${typeOf(schema.items, whole, deep + 1)}`;
  if (schema.type === "object" && schema.additionalProperties && deep < 3) {
    const inside = schema.additionalProperties === true ? null : schema.additionalProperties;
    return `mapping to ${typeOf(inside, whole, deep + 1)}`;
  }
  return schema.format === "binary" ? "file" : schema.type || "any";
}

function table(rows, heads) {
  const made = element("table");
  const head = made.createTHead().insertRow();
  for (const one of heads) head.append(element("th", one));
  const body = made.createTBody();
  for (const row of rows) {
    const line = body.insertRow();
    for (const cell of row) line.insertCell().append(cell instanceof Node ? cell : document.createTextNode(cell));
  }
  return made;
}

function fields(schema, whole) {
  const found = resolved(schema || {}, whole);
  const several = (found.anyOf || []).find((one) => one.$ref);
  if (several) return fields(several, whole);
  const needed = found.required || [];
  const rows = Object.entries(found.properties || {}).map(([name, one]) => [
    element("code", name),
    typeOf(one, whole),
    needed.includes(name) ? "yes" : "",
    one.description || "",
  ]);
  const part = element("div");
  if (found.description) part.append(element("p", found.description));
  part.append(rows.length ? table(rows, ["Field", "Is", "Needed", "About"]) : element("p", typeOf(found, whole)));
  return part;
}

function content(part, whole) {
  const found = Object.entries((part && part.content) || {});
  return found.map(([kind, one]) => [kind, one.schema ? fields(one.schema, whole) : null]);
}

function operation(path, method, what, whole) {
  const made = element("details");
  made.dataset.find = `${method} ${path} ${what.summary || ""} ${what.description || ""}`.toLowerCase();
  const summary = element("summary");
  summary.append(element("span", method.toUpperCase(), "method"), element("code", path));
  summary.append(element("span", (what.description || what.summary || "").split("\n")[0], "what"));
  const inside = element("div", "", "inside");
  if (what.description) inside.append(element("p", what.description));
  const parameters = what.parameters || [];
  if (parameters.length) {
    inside.append(element("h3", "Parameters"));
    const rows = parameters.map((one) => [
      element("code", one.name),
      one.in,
      typeOf(one.schema, whole),
      one.required ? "yes" : "",
      one.description || "",
    ]);
    inside.append(table(rows, ["Name", "In", "Is", "Needed", "About"]));
  }
  for (const [kind, part] of content(what.requestBody && resolved(what.requestBody, whole), whole)) {
    inside.append(element("h3", `Body (${kind})`));
    if (part) inside.append(part);
  }
  for (const [status, answer] of Object.entries(what.responses || {})) {
    if (status === "default") continue;
    inside.append(element("h3", `Answers ${status}`));
    for (const [, part] of content(resolved(answer, whole), whole)) if (part) inside.append(part);
  }
  made.append(summary, inside);
  return made;
}

function draw(whole) {
  const place = document.getElementById("routes");
  const groups = new Map();
  for (const [path, methods] of Object.entries(whole.paths)) {
    for (const method of METHODS.filter((one) => methods[one])) {
      const tag = (methods[method].tags || ["other"])[0];
      if (!groups.has(tag)) groups.set(tag, []);
      groups.get(tag).push(operation(path, method, methods[method], whole));
    }
  }
  place.replaceChildren();
  for (const [tag, routes] of groups) {
    const section = element("section");
    section.append(element("h2", tag), ...routes);
    place.append(section);
  }
}

document.getElementById("find").addEventListener("input", (event) => {
  const wanted = event.target.value.trim().toLowerCase();
  for (const section of document.querySelectorAll("#routes section")) {
    const routes = [...section.querySelectorAll("details")];
    for (const route of routes) route.hidden = !route.dataset.find.includes(wanted);
    section.hidden = routes.every((route) => route.hidden);
  }
});

fetch("openapi.json")
  .then((answer) => answer.json())
  .then(draw)
  .catch(() => document.getElementById("routes").replaceChildren(element("p", "openapi.json cannot be read.")));
