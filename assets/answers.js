// The form of an exercise says whether a number is right, near, or what kind of wrong, by the rules
// of `check` in a kernel (course/check.py), which stand in the form (_ext/answers.py).
document.addEventListener("DOMContentLoaded", () => {
  const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
  const REFUSED =
    "That is no number it can read. Write one as 0.25 or 3e-4: with a point, no comma and no % sign.";

  function said(rules, text) {
    const plain = text.trim().replace("−", "-");
    const number = NUMBER.test(plain) ? Number(plain) : NaN;
    // What is not a number, or has overflowed, is in none of the rules.
    return rules.find(([low, high]) => low <= number && number <= high)?.[2] ?? REFUSED;
  }

  for (const form of document.querySelectorAll("form.answer")) {
    const [input, output] = ["input", "output"].map((name) => form.querySelector(name));
    const rules = JSON.parse(form.dataset.rules);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      output.value = said(rules, input.value);
    });
    input.addEventListener("input", () => (output.value = "")); // it was said of another number
    form.hidden = false;
  }
});
