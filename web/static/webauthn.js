/* Security keys (W3C Web Authentication): asks the browser for what a form's hidden fields say, and sends the answer
 * with the form. Without scripts the forms say that a code works instead. */

const bytes = (word) =>
	Uint8Array.from(atob(word.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
const word = (buffer) =>
	btoa(String.fromCharCode(...new Uint8Array(buffer)))
		.replaceAll("+", "-")
		.replaceAll("/", "_")
		.replaceAll("=", "");
const values = (form, name) => [...form.querySelectorAll(`input[name="${name}"]`)].map((i) => i.value);
const value = (form, name) => values(form, name)[0];
const known = (form) => values(form, "known").map((id) => ({ type: "public-key", id: bytes(id) }));

async function setUp(form) {
	const name = value(form, "visitor");
	const made = await navigator.credentials.create({
		publicKey: {
			challenge: bytes(value(form, "challenge")),
			rp: { id: value(form, "site"), name: value(form, "site") },
			user: { id: bytes(value(form, "user")), name, displayName: name },
			pubKeyCredParams: [-7, -8, -257].map((alg) => ({ type: "public-key", alg })),
			excludeCredentials: known(form),
			attestation: "none",
			authenticatorSelection: { residentKey: "discouraged", userVerification: "discouraged" },
			timeout: 120000,
		},
	});
	return { client: made.response.clientDataJSON, attestation: made.response.attestationObject };
}

async function use(form) {
	const got = await navigator.credentials.get({
		publicKey: {
			challenge: bytes(value(form, "challenge")),
			rpId: value(form, "site"),
			allowCredentials: known(form),
			userVerification: "discouraged",
			timeout: 120000,
		},
	});
	const { clientDataJSON, authenticatorData, signature } = got.response;
	return { credential: got.rawId, client: clientDataJSON, data: authenticatorData, signature };
}

function offer(form, ask) {
	const show = (id, yes) => (form.querySelector(id).hidden = !yes);

	show("#key-none", false);
	show("#key-ask", true);
	form.addEventListener("submit", async (event) => {
		event.preventDefault();
		show("#key-failed", false);
		try {
			for (const [name, answer] of Object.entries(await ask(form)))
				form.querySelector(`input[name="${name}"]`).value = word(answer);
			form.submit(); /* does not come back here */
		} catch {
			show("#key-failed", true);
		}
	});
}

for (const [id, ask] of [["#set-up-key", setUp], ["#use-key", use]]) {
	const form = document.querySelector(id);

	if (form && window.PublicKeyCredential) offer(form, ask);
}
