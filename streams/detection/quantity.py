"""Quantity: what came into stock, left and arrived, against what was ordered and what each before it says."""

from streams.detection.despatch import DESPATCH
from streams.detection.kind import KindOfFinding
from streams.detection.packing import PACKING
from streams.detection.receipt import RECEIPT
from streams.detection.remedy import REMEDY

QUANTITY: tuple[KindOfFinding, ...] = (*DESPATCH, *RECEIPT, *REMEDY, *PACKING)
