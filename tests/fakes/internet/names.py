"""A DNS server whose answers may change between queries."""

from __future__ import annotations

import socket
import threading

import dns.message
import dns.rdatatype
import dns.rrset


class NameServer:
    """Answers at port 53 of an IP address. A list of lists is one answer per query."""

    def __init__(self, number: str, table: dict[str, list[str] | list[list[str]]]) -> None:
        self._table = table
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((number, 53))
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            wire, visitor = self._socket.recvfrom(4096)
            query = dns.message.from_wire(wire)
            self._socket.sendto(self._answer(query).to_wire(), visitor)

    def _answer(self, query: dns.message.Message) -> dns.message.Message:
        answer = dns.message.make_response(query)
        (question,) = query.question
        name = question.name.to_text(omit_final_dot=True).lower()
        numbers = self._numbers(name, question.rdtype)
        if numbers:
            answer.answer.append(
                dns.rrset.from_text_list(question.name, 0, "IN", question.rdtype, numbers)
            )
        return answer

    def _numbers(self, name: str, kind: int) -> list[str]:
        answers = self._table.get(name, [])
        if answers and isinstance(answers[0], list):
            # Each look-up sends two queries, for IPv4 and IPv6; the first one advances the list.
            answers = answers[0]
            if kind == dns.rdatatype.A and len(self._table[name]) > 1:
                self._table[name] = self._table[name][1:]
        wants_ipv6 = kind == dns.rdatatype.AAAA
        return [number for number in answers if (":" in number) == wants_ipv6]
