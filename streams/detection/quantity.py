"""Quantity: what came into stock, left and arrived, against what was ordered and what each before it says."""

from streams.detection.despatch import DESPATCH
from streams.detection.discrepancy import DISCREPANCY
from streams.detection.kind import KindOfFinding
from streams.detection.packing import PACKING
from streams.detection.receipt import RECEIPT
from streams.detection.remedy import REMEDY
from streams.detection.stock import STOCK

QUANTITY: tuple[KindOfFinding, ...] = (*DESPATCH, *STOCK, *RECEIPT, *DISCREPANCY, *REMEDY, *PACKING)
