#!/usr/bin/env python3
"""Ask Facturation what was consumed, and record a meter reading. Python 3.8 or later, standard library only.

    python3 facturation.py consommation DEBUT FIN       days as 2026-03-01, both included
    python3 facturation.py reading METER INDEX_MILLI READ_AT RECORDED_BY

FACTURATION_URL and FACTURATION_KEY say where the service is and who asks; without them, the demo on this machine.
"""
import http.client
import json
import os
import random
import sys
import time
import urllib.error
import urllib.request
import uuid
from xml.etree import ElementTree
from xml.sax.saxutils import escape

URL = os.environ.get("FACTURATION_URL", "http://localhost:5080").rstrip("/")
KEY = os.environ.get("FACTURATION_KEY", "fct_demo0000_demodemodemodemodemodemodemodemo")

NAMESPACE = "http://schemas.datacontract.org/2004/07/Facturation.Api.Models"
TRIES = 5
LONGEST_WAIT = 60  # seconds
MAY_PASS = {408, 429, 500, 502, 503, 504}


class Refused(Exception):
    """The service said no; the message is its own."""


def post(path, body, headers):
    """The bytes of the answer. Tries again what may pass by itself."""
    request = urllib.request.Request(URL + path, body.encode(), {"X-API-Key": KEY, **headers})
    for attempt in range(1, TRIES + 1):
        retry_after = None
        try:
            with urllib.request.urlopen(request, timeout=30) as response:
                return response.read()
        except urllib.error.HTTPError as error:
            if attempt == TRIES or error.code not in MAY_PASS:
                raise Refused(f"{error.code} {describe(error.read())}") from None
            retry_after = error.headers.get("Retry-After")
        except (OSError, http.client.HTTPException):  # Refused, cut, or the time was up.
            if attempt == TRIES:
                raise
        time.sleep(wait(attempt, retry_after))


def wait(attempt, retry_after):
    """As long as the service says, else longer each time; never just as long as another program waits."""
    if retry_after and retry_after.isdecimal():
        return min(int(retry_after) + random.random(), LONGEST_WAIT)
    return random.uniform(0, min(2**attempt, LONGEST_WAIT))


def describe(body):
    """Code, message and trace of a v1 error; Web API's Error, or a proxy's page, as it stands."""
    try:
        error = json.loads(body)
        return f"{error['code']}: {error['message']} (traceId {error['traceId']})"
    except (ValueError, KeyError, TypeError):
        return body.decode(errors="replace")


def consommation(debut, fin):
    """Asks in XML; prints produit, identifiant, compteur and total. The order of the elements counts."""
    answer = post(
        "/api/ConsommationV2",
        f'<ParamModel xmlns="{NAMESPACE}"><Debut>{escape(debut)}</Debut><Fin>{escape(fin)}</Fin></ParamModel>',
        {"Content-Type": "application/xml", "Accept": "application/xml"},
    )
    wire = {"f": NAMESPACE}
    for reponse in ElementTree.fromstring(answer).findall("f:ReponseV2Model", wire):
        produit_id, produit, identifiant = (
            reponse.findtext(f"f:{name}", "", wire) for name in ("ProduitId", "NomProduit", "Identifiant"))
        for somme in reponse.findall("f:ConsommationsSomme/f:CompteurModel", wire):
            sequence, libelle, quantite = (
                somme.findtext(f"f:{name}", "", wire) for name in ("Sequence", "Libelle", "Quantite"))
            print(f"{produit_id} {produit}", identifiant, f"{sequence} {libelle}", quantite, sep="\t")


def reading(meter, index_milli, read_at, recorded_by):
    """Records a reading, once, and prints its id."""
    answer = post(
        f"/v1/meters/{meter}/readings/manual",
        json.dumps({"indexValueMilli": index_milli, "readAt": read_at, "recordedBy": recorded_by}),
        # One key for all tries: whichever of them reached the service, the reading counts once. A program that may
        # be stopped between two tries keeps it beside the reading.
        {"Content-Type": "application/json", "Idempotency-Key": str(uuid.uuid4())},
    )
    print(json.loads(answer)["data"]["readingId"])


def main(arguments):
    try:
        if arguments[:1] == ["consommation"] and len(arguments) == 3:
            consommation(*arguments[1:])
        elif arguments[:1] == ["reading"] and len(arguments) == 5:
            reading(*arguments[1:])
        else:
            print(__doc__, file=sys.stderr)
            return 2
    except (Refused, OSError, http.client.HTTPException) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
