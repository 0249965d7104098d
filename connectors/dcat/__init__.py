"""Released datasets as linked data: DCAT-AP-NO 3, held to shapes and scored before release."""
