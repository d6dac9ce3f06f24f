// The fields of a line, and what stands in them.

export const linesOf = (form) => [...form.querySelectorAll("[data-line]")];
export const nameOf = (line) => line.querySelector(".reference").textContent;
export const numbersOf = (line) => [...line.querySelectorAll(".entry-numbers input")];
export const isEntered = (line) => line.querySelector("textarea, input:not([type=hidden])") !== null;

const fieldsOf = (line) => [...line.querySelectorAll("input[name], select[name], textarea[name]")];

// By name; of radio buttons only the chosen one.
export const valuesOf = (line) =>
  Object.fromEntries(
    fieldsOf(line)
      .filter((field) => field.type !== "radio" || field.checked)
      .map((field) => [field.name, field.value]),
  );

export const fill = (line, values) => {
  for (const field of fieldsOf(line)) {
    if (!(field.name in values)) continue;
    if (field.type === "radio") field.checked = field.value === values[field.name];
    else field.value = values[field.name];
  }
};

// On a phone only one line is shown: that which the address names.
export const bringUp = (line) => {
  if (line && !line.getClientRects().length) location.hash = line.id;
};

const isAboutVersions = (name) => /-(saw_value|saw_text|clash|filled)$/.test(name);

// What a person typed or chose, without the versions that they had seen then.
export const typedOf = (values) => Object.fromEntries(Object.entries(values).filter(([name]) => !isAboutVersions(name)));

// Whether two sets of values differ in what a person typed or chose.
export const differ = (one, other) =>
  Object.keys({ ...one, ...other }).some(
    (name) => !isAboutVersions(name) && (one[name] ?? "").trim() !== (other[name] ?? "").trim(),
  );

// What is wrong, beside its field. Nobody is told about a field that they are still in (`sent` has what was judged: one
// that has been changed since is not judged by it).
export const showErrors = (line, errors, sent) => {
  for (const place of line.querySelectorAll(".govuk-error-message[id$=_error]")) {
    const field = document.getElementById(place.id.replace(/_error$/, ""));
    const name = field?.name?.replace(/^line-\d+-/, "");
    const isOpen = field && (field === document.activeElement || (sent && sent[field.name] !== field.value));
    const found = isOpen ? "" : (errors[name] || []).join(" ");
    place.textContent = found;
    place.hidden = !found;
    place.parentElement.classList.toggle("govuk-form-group--error", Boolean(found));
    if (!field) continue;
    if (found) field.setAttribute("aria-invalid", "true");
    else field.removeAttribute("aria-invalid");
    const described = (field.getAttribute("aria-describedby") || "").split(" ").filter((id) => id && id !== place.id);
    if (found) described.push(place.id);
    if (described.length) field.setAttribute("aria-describedby", described.join(" "));
    else field.removeAttribute("aria-describedby");
  }
};
