"""A mail server on loopback that prints each message as a line of JSON, read by Python's own parser of mail.

Its first line of output is its port. A line of input is what it answers messages with from then on (empty: that it has
them), and is said back. It ends with its input.
"""

import argparse
import asyncio
import email
import email.policy
import json
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult


def say(words):
    print(words, flush=True)


class Handler:
    answer = ""
    is_clinging = False

    async def handle_DATA(self, server, session, envelope):
        message = email.message_from_bytes(envelope.original_content, policy=email.policy.default)
        parts = {part.get_content_type(): part.get_content() for part in message.walk() if not part.is_multipart()}
        say(json.dumps({
            "from": envelope.mail_from, "to": envelope.rcpt_tos, "isEncrypted": session.ssl is not None,
            "user": session.auth_data if isinstance(session.auth_data, str) else None,
            "fields": {name.lower(): str(value) for name, value in message.items()},
            "defects": [repr(defect) for defect in message.defects],
            "plain": parts.get("text/plain", ""), "html": parts.get("text/html", ""),
            "longest": max(len(line) for line in envelope.original_content.split(b"\r\n")),
            "raw": envelope.original_content.decode("utf-8", "replace"),
        }))
        return self.answer or "250 2.0.0 Ok: queued"

    async def handle_QUIT(self, server, session, envelope):
        if self.is_clinging:
            await asyncio.sleep(3600)
        return "221 Bye"


async def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--security", choices=["tls", "starttls", "none"], default="none")
    parser.add_argument("--certificate")
    parser.add_argument("--clinging", action="store_true", help="does not answer when somebody says goodbye")
    parser.add_argument("--user", help="user:password, without whom nothing is taken")
    arguments = parser.parse_args()
    context = None
    if arguments.security != "none":
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(arguments.certificate)
    handler = Handler()
    handler.is_clinging = arguments.clinging

    def authenticate(server, session, envelope, mechanism, data):
        given = f"{data.login.decode()}:{data.password.decode()}"
        return AuthResult(success=given == arguments.user, handled=False, auth_data=data.login.decode())

    def protocol():
        # Over implicit TLS it does not know of the encryption: whether that is there has been decided by then.
        return SMTP(
            handler, hostname="mail.test", enable_SMTPUTF8=False, loop=loop,
            tls_context=context if arguments.security == "starttls" else None,
            require_starttls=arguments.security == "starttls",
            authenticator=authenticate, auth_required=arguments.user is not None,
            auth_require_tls=arguments.security == "starttls")

    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        protocol, "127.0.0.1", 0, ssl=context if arguments.security == "tls" else None)
    say(server.sockets[0].getsockname()[1])
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        handler.answer = line.strip()
        say(json.dumps({"said": handler.answer}))


asyncio.run(main())
