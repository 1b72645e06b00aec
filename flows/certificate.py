"""The daily look at all certificates: notices, renewal windows, ends."""

from __future__ import annotations

from prefect import flow

from tasks.certificates import sweep_certificates


@flow(name="certificate-sweep", persist_result=False, validate_parameters=False)
async def certificate_sweep() -> str:
    """Claim every milestone that certificates have newly passed; running it twice tells nobody twice."""
    passed = await sweep_certificates()
    return f"{passed} giấy chứng nhận qua mốc mới"
