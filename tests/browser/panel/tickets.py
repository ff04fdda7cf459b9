"""Invented tickets for the panel, each with what a reader found in it."""

from typing import Any

from copilot.core.extraction import Extraction

RANSOM: dict[str, Any] = {
    "id": "T-4821", "subject": "My shop is gone", "origin": "customer_report", "reporter": "nora",
    "participants": [
        {"id": "nora", "role": "client", "name": "Nora Feld"},
        {"id": "tibor", "role": "freelancer", "name": "Tibor"},
    ],
    "messages": [
        {"id": "m1", "author": "nora", "sent_at": "2026-03-02T09:12:00Z", "text": (
            "Hello support, I hired Tibor to move my shop to a new server. We argued about extra hours and I ended the contract "
            "on Friday. On Saturday morning he deleted the whole shop, and my customers see an empty page."
        )},
        {"id": "m2", "author": "nora", "sent_at": "2026-03-02T09:20:00Z", "text": (
            "Now he writes that he will put the site back if I pay him $600. Please help, I lose orders every hour."
        )},
    ],
    "context": {"mediation_eligible": None},
}  # fmt: skip
CLIENT = {"id": "p1", "role": "client", "is_reporter": True, "name": None}
FREELANCER = {"id": "p2", "role": "freelancer", "is_reporter": False, "name": "Tibor"}
RANSOM_READ = Extraction.model_validate({
    "parties": [CLIENT, FREELANCER],
    "threats": [{"by": "p2", "against": "p1", "harm": "destroy", "asset": "website", "evidence": ["m2.1"]}],
    "demands": [{"by": "p2", "of": "p1", "kind": "money", "evidence": ["m2.1"]}],
    "damage_claims": [{
        "by": "p2", "against": "p1", "harm": "destroy", "asset": "website", "intent": "deliberate", "motive": "leverage",
        "evidence": ["m1.3"],
    }],
    "disputes": [{"kind": "payment", "evidence": ["m1.2"]}, {"kind": "scope", "evidence": ["m1.2"]}],
})  # fmt: skip

ORDINARY: dict[str, Any] = {
    "id": "T-4830", "subject": "Invoice", "reporter": "sol", "participants": [{"id": "sol", "role": "client", "name": "Sol"}],
    "messages": [{"id": "m1", "author": "sol", "text": "Where is the invoice for February? The button does nothing for me."}],
    "context": {"mediation_eligible": None},
}  # fmt: skip
NOTHING_READ = Extraction.model_validate({"parties": [CLIENT], "threats": [], "demands": [], "damage_claims": [], "disputes": []})

JUDGE: dict[str, Any] = ORDINARY | {
    "id": "T-4833", "subject": "A rating",
    "messages": [{"id": "m1", "author": "sol", "text": "He keeps asking for five stars. We also disagree about an invoice."}],
}  # fmt: skip
JUDGE_READ = Extraction.model_validate({
    "parties": [CLIENT, FREELANCER | {"name": None}], "threats": [], "damage_claims": [],
    "demands": [{"by": "p2", "of": "p1", "kind": "feedback", "evidence": ["m1.1"]}],
    "disputes": [{"kind": "payment", "evidence": ["m1.2"]}],
})  # fmt: skip

VIOLENT: dict[str, Any] = ORDINARY | {
    "id": "T-4840", "subject": "Please read",
    "messages": [{"id": "m1", "author": "sol", "text": "He wrote that he will come and break my arm unless I pay."}],
}  # fmt: skip
VIOLENT_READ = Extraction.model_validate({
    "parties": [CLIENT, FREELANCER | {"name": None}], "damage_claims": [], "disputes": [],
    "threats": [{"by": "p2", "against": "p1", "harm": "violence", "asset": "person", "evidence": ["m1.1"]}],
    "demands": [{"by": "p2", "of": "p1", "kind": "money", "evidence": ["m1.1"]}],
})  # fmt: skip

ARABIC: dict[str, Any] = RANSOM | {
    "id": "T-4851", "subject": "متجري اختفى",
    "messages": [
        {"id": "m1", "author": "nora", "text": "حذف متجري كله يوم السبت. اختلفنا على ساعات إضافية."},
        {"id": "m2", "author": "nora", "text": "يقول إنه سيعيد الموقع إذا دفعت له 600 دولار."},
    ],
}  # fmt: skip
ARABIC_READ = Extraction.model_validate({
    "parties": [CLIENT, FREELANCER],
    "threats": [{"by": "p2", "against": "p1", "harm": "destroy", "asset": "website", "evidence": ["m2.1"]}],
    "demands": [{"by": "p2", "of": "p1", "kind": "money", "evidence": ["m2.1"]}],
    "damage_claims": [{
        "by": "p2", "against": "p1", "harm": "destroy", "asset": "website", "intent": "deliberate", "motive": "leverage",
        "evidence": ["m1.1"],
    }],
    "disputes": [{"kind": "payment", "evidence": ["m1.2"]}],
})  # fmt: skip
